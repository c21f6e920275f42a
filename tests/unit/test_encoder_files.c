/* test_encoder_files.c */
/*
 * What readers of imputers, encoders and vectorizers say of files that are not
 * as they should be: pickles of protocol 0, written here.
 */
#include "check.h"

#include "reader/reader.h"

/* An object of a class, its attributes, and the end. */
#define OBJECT(module, name) \
	"ccopy_reg\n_reconstructor\n(csklearn." module "\n" name \
	"\nc__builtin__\nobject\nNtR(d"
#define NESTED_END "b"
#define END "b."
#define VERSION(v) ATTR("_sklearn_version", TEXT(v))
#define ATTR(name, value) "S'" name "'\n" value "s"

#define NONE "N"
#define TRUE "I01\n"
#define INT(n) "I" #n "\n"
#define FLOAT(x) "F" #x "\n"
#define TEXT(s) "S'" s "'\n"
#define CLASS(module, name) "c" module "\n" name "\n"
#define LIST1(a) "(l" a "a"
#define LIST2(a, b) "(l" a "a" b "a"
#define PAIR(a, b) "(" a b "t"
#define DICT2(a, i, b, j) "(d" a i "s" b j "s"

static MxStatus
read_pickle(const char *pickle, MxError *err)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	MxMemorySource memory;
	MxSource source = mx_memory_source(&memory, pickle, strlen(pickle));
	const MxModel *model;
	MxStatus status;

	status = mx_model_read(&source, &mx_default_limits, &mx_libc_heap, arena,
	                       &model, NULL, err);
	mx_arena_destroy(arena);
	return status;
}

static void
check_message(const char *pickle, MxStatus want, const char *message)
{
	MxError err = {0};

	check_subject = message;
	CHECK(read_pickle(pickle, &err) == want);
	CHECK_TEXT(err.message, message);
	check_subject = NULL;
}

#define CHECK_REFUSED(pickle, message) \
	check_message(pickle, MX_ERR_UNSUPPORTED, message)
#define CHECK_MALFORMED(pickle, message) \
	check_message(pickle, MX_ERR_MALFORMED, message)

static void
check_reads(const char *pickle)
{
	MxError err = {0};

	CHECK_OK(read_pickle(pickle, &err), &err);
}

/* ---- encoders ---------------------------------------------------------- */

#define ONEHOT(v) OBJECT("preprocessing._encoders", "OneHotEncoder") VERSION(v)
#define LETTERS ATTR("categories_", LIST1(LIST2(TEXT("a"), TEXT("b"))))

static void
test_one_hot_encoder(void)
{
	check_reads(ONEHOT("1.9.0") LETTERS END);
	CHECK_REFUSED(
	    ONEHOT("1.9.0") ATTR("categories_", LIST1(LIST2(TEXT("a"), INT(1))))
	        END,
	    "attribute \"categories_\" of OneHotEncoder mixes texts and numbers, "
	    "which is not supported");
	CHECK_REFUSED(ONEHOT("1.9.0") ATTR("categories_",
	                                   LIST1(LIST1(INT(9007199254740993)))) END,
	              "attribute \"categories_\" of OneHotEncoder holds "
	              "9007199254740993, which is not supported");
	CHECK_MALFORMED(ONEHOT("1.9.0")
	                    ATTR("categories_", LIST1(LIST2(NONE, NONE))) END,
	                "attribute \"categories_\" of OneHotEncoder holds None "
	                "twice");
	CHECK_REFUSED(ONEHOT("1.9.0") LETTERS ATTR("handle_unknown", TEXT("guess"))
	                  END,
	              "attribute \"handle_unknown\" of OneHotEncoder is "
	              "\"guess\", which is not supported");
	CHECK_REFUSED(ONEHOT("1.9.0")
	                  LETTERS ATTR("dtype", CLASS("numpy", "float32")) END,
	              "attribute \"dtype\" of OneHotEncoder is float32, which is "
	              "not supported");
	CHECK_MALFORMED(ONEHOT("1.9.0") LETTERS ATTR("drop_idx_", LIST1(INT(2)))
	                    END,
	                "attribute \"drop_idx_\" of OneHotEncoder holds what is no "
	                "category's index");
	CHECK_MALFORMED(
	    ONEHOT("1.9.0") LETTERS ATTR("_infrequent_enabled", TRUE)
	        ATTR("_default_to_infrequent_mappings",
	             LIST1(LIST2(INT(0), INT(2)))) END,
	    "attribute \"_default_to_infrequent_mappings\" of OneHotEncoder holds "
	    "what is no group's number");
	CHECK_MALFORMED(ONEHOT("1.9.0") END,
	                "attribute \"categories_\" of OneHotEncoder is missing");
}

#define OLD_ONEHOT \
	OBJECT("preprocessing.data", "OneHotEncoder") VERSION("0.18.2")

static void
test_encoder_of_integers(void)
{
	check_reads(OLD_ONEHOT ATTR("feature_indices_", LIST2(INT(0), INT(3)))
	                ATTR("active_features_", LIST2(INT(0), INT(2))) END);
	CHECK_MALFORMED(
	    OLD_ONEHOT ATTR("feature_indices_", LIST2(INT(0), INT(3)))
	        ATTR("active_features_", LIST2(INT(2), INT(2))) END,
	    "attribute \"active_features_\" of OneHotEncoder is not ascending "
	    "within range");
	CHECK_MALFORMED(OLD_ONEHOT ATTR("feature_indices_", LIST2(INT(0), INT(-1)))
	                    END,
	                "attribute \"feature_indices_\" of OneHotEncoder does not "
	                "ascend from 0");
	CHECK_REFUSED(
	    OLD_ONEHOT ATTR("feature_indices_", LIST2(INT(0), INT(2000000))) END,
	    "attribute \"feature_indices_\" of OneHotEncoder has 2000000 values, "
	    "more than 1000000 are not supported");
	CHECK_REFUSED(OLD_ONEHOT ATTR("feature_indices_", LIST2(INT(0), INT(3)))
	                  ATTR("categorical_features", LIST1(INT(1))) END,
	              "attribute \"categorical_features\" of OneHotEncoder does "
	              "not tell how many features there are, which is not "
	              "supported");
}

#define ORDINAL(v) \
	OBJECT("preprocessing._encoders", "OrdinalEncoder") VERSION(v)

static void
test_other_encoders(void)
{
	check_reads(ORDINAL("1.9.0") LETTERS END);
	CHECK_REFUSED(ORDINAL("1.9.0")
	                  LETTERS ATTR("dtype", CLASS("numpy", "uint8")) END,
	              "attribute \"dtype\" of OrdinalEncoder is another type than "
	              "float64, int64 or int32, which is not supported");
	CHECK_MALFORMED(ORDINAL("1.9.0") LETTERS ATTR("n_features_in_", INT(2)) END,
	                "OrdinalEncoder was fitted on 2 features, but has "
	                "parameters for 1");
	check_reads(OBJECT("preprocessing._label", "LabelEncoder") VERSION("1.9.0")
	                ATTR("classes_", LIST2(INT(1), INT(2))) END);
}

/* ---- imputers ---------------------------------------------------------- */

#define IMPUTER(v) OBJECT("impute._base", "SimpleImputer") VERSION(v)
#define INDICATOR OBJECT("impute._base", "MissingIndicator") VERSION("1.9.0")

static void
test_imputers(void)
{
	check_reads(IMPUTER("1.2.0")
	                ATTR("statistics_", LIST2(TEXT("a"), FLOAT(1.5))) END);
	CHECK_REFUSED(IMPUTER("1.2.0") ATTR("statistics_", LIST1(CLASS("a", "b")))
	                  END,
	              "attribute \"statistics_\" of SimpleImputer holds \"a.b\", "
	              "which is not supported");
	CHECK_REFUSED(IMPUTER("1.2.0") ATTR("statistics_", LIST1(NONE)) END,
	              "attribute \"statistics_\" of SimpleImputer leaves no "
	              "feature, which is not supported");
	CHECK_MALFORMED(
	    IMPUTER("1.2.0") ATTR("statistics_", LIST1(INT(1)))
	        ATTR("indicator_",
	             INDICATOR ATTR("features_", LIST1(INT(1))) NESTED_END) END,
	    "attribute \"features_\" of MissingIndicator is not ascending within "
	    "range");
	CHECK_REFUSED(OBJECT("preprocessing.imputation", "Imputer")
	                  VERSION("0.18.2") ATTR("axis", INT(1)) END,
	              "attribute \"axis\" of Imputer is 1, which is not supported");
	CHECK_REFUSED(
	    INDICATOR ATTR("_n_features", INT(2)) ATTR("missing_values", INT(0))
	        ATTR("features_", LIST1(INT(1))) END,
	    "attribute \"error_on_new\" of MissingIndicator is True with such "
	    "missing_values, which is not supported");
	check_reads(INDICATOR ATTR("_n_features", INT(2)) ATTR(
	    "missing_values", FLOAT(nan)) ATTR("features_", LIST1(INT(1))) END);
}

/* ---- vectorizers ------------------------------------------------------- */

#define COUNT(v) \
	OBJECT("feature_extraction.text", "CountVectorizer") \
	VERSION(v) ATTR("ngram_range", PAIR(INT(1), INT(1)))
#define WORDS ATTR("vocabulary_", DICT2(TEXT("a"), INT(1), TEXT("b"), INT(0)))
#define PATTERN(s) ATTR("token_pattern", TEXT(s))
#define DEFAULT_PATTERN PATTERN("(?u)\\\\b\\\\w\\\\w+\\\\b")

static void
test_token_patterns(void)
{
	check_reads(COUNT("1.9.0") WORDS DEFAULT_PATTERN END);
	check_reads(COUNT("1.9.0") WORDS PATTERN("\\\\w+") END);
	check_reads(COUNT("1.9.0") WORDS PATTERN("(?u)\\\\b\\\\w{3,}\\\\b") END);
	CHECK_REFUSED(COUNT("1.9.0") WORDS PATTERN("[a-z]+") END,
	              "attribute \"token_pattern\" of CountVectorizer is "
	              "\"[a-z]+\", which is not supported");
	CHECK_REFUSED(COUNT("1.9.0") WORDS PATTERN("\\\\w\\\\w{2,}") END,
	              "attribute \"token_pattern\" of CountVectorizer is "
	              "\"\\\\w\\\\w{2,}\", which is not supported");
	CHECK_REFUSED(COUNT("1.9.0") WORDS PATTERN("\\\\w{0,}") END,
	              "attribute \"token_pattern\" of CountVectorizer is "
	              "\"\\\\w{0,}\", which is not supported");
	/* Python 2 may have meant ASCII. */
	CHECK_REFUSED(COUNT("0.20.4") WORDS PATTERN("\\\\w+") END,
	              "attribute \"token_pattern\" of CountVectorizer is "
	              "\"\\\\w+\", which is not supported");
}

static void
test_vectorizers(void)
{
	CHECK_REFUSED(COUNT("1.9.0") WORDS DEFAULT_PATTERN ATTR(
	                  "tokenizer", CLASS("__main__", "cut")) END,
	              "attribute \"tokenizer\" of CountVectorizer is "
	              "\"__main__.cut\", which is not supported");
	CHECK_REFUSED(COUNT("1.9.0") WORDS DEFAULT_PATTERN ATTR(
	                  "analyzer", CLASS("__main__", "cut")) END,
	              "attribute \"analyzer\" of CountVectorizer is "
	              "\"__main__.cut\", which is not supported");
	CHECK_REFUSED(COUNT("1.9.0")
	                  WORDS DEFAULT_PATTERN ATTR("input", TEXT("filename")) END,
	              "attribute \"input\" of CountVectorizer is \"filename\", "
	              "which is not supported");
	CHECK_REFUSED(COUNT("1.9.0") WORDS DEFAULT_PATTERN ATTR("stop_words",
	                                                        TEXT("german")) END,
	              "attribute \"stop_words\" of CountVectorizer is \"german\", "
	              "which is not supported");
	CHECK_REFUSED(COUNT("1.9.0") WORDS DEFAULT_PATTERN ATTR(
	                  "dtype", CLASS("numpy", "float32")) END,
	              "attribute \"dtype\" of CountVectorizer is another type than "
	              "float64, int64 or int32, which is not supported");
	CHECK_MALFORMED(
	    COUNT("1.9.0") DEFAULT_PATTERN ATTR(
	        "vocabulary_", DICT2(TEXT("a"), INT(1), TEXT("b"), INT(1))) END,
	    "attribute \"vocabulary_\" of CountVectorizer does not number its "
	    "terms from 0");
	CHECK_MALFORMED(
	    COUNT("1.9.0") DEFAULT_PATTERN ATTR("vocabulary_", "(d") END,
	    "attribute \"vocabulary_\" of CountVectorizer has no terms");
	CHECK_MALFORMED(COUNT("1.9.0") WORDS DEFAULT_PATTERN ATTR(
	                    "ngram_range", PAIR(INT(2), INT(1))) END,
	                "attribute \"ngram_range\" of CountVectorizer is no range "
	                "of sizes");
	CHECK_REFUSED(OBJECT("feature_extraction.text", "TfidfTransformer")
	                  VERSION("1.9.0") ATTR("norm", TEXT("max"))
	                      ATTR("idf_", LIST1(FLOAT(1.0))) END,
	              "attribute \"norm\" of TfidfTransformer is \"max\", which is "
	              "not supported");
}

int
main(void)
{
	test_one_hot_encoder();
	test_encoder_of_integers();
	test_other_encoders();
	test_imputers();
	test_token_patterns();
	test_vectorizers();
	return check_report();
}
