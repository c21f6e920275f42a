"""Which lanes write which cases, so that all files together stay small.

Every lane writes every case that its release can fit, but for those below:
they show something that does not change between the releases of MAIN and
their neighbours.  (A case with lanes="newest" is written by one lane.)
"""

MAIN = ("0.18-py2", "0.20-py2", "0.22", "0.24", "1.2", "1.4", "1.6", "1.9")

ROWS_NEWEST, ROWS_MAIN, ROWS_OTHER = 50, 17, 12

MAIN_ONLY = set("""
standard_scaler_no_mean standard_scaler_no_std standard_scaler_constant
standard_scaler_float32 minmax_scaler_range pca_float32
select_kbest_nan_score select_kbest_ties kmeans_8

ridge_no_intercept ridge_float32 linear_regression_multi
linear_regression_one_output logistic_float_classes logistic_l1
logistic_float32 logistic_liblinear_binary logistic_ovr_lbfgs
sgd_hinge_2 sgd_log_3 sgd_modified_huber_2 sgd_average linear_svc_3
multinomial_nb_2 gaussian_nb_2

simple_imputer_constant_default simple_imputer_dropped_constant
simple_imputer_int simple_imputer_text_constant_default
simple_imputer_text_none_constant simple_imputer_keep_empty_mean
simple_imputer_keep_empty_most_frequent simple_imputer_indicator_dropped

onehot_text_sparse onehot_text_u onehot_text_odd onehot_text_given
onehot_text_nan onehot_text_both onehot_drop_nan onehot_no_infrequent
onehot_infrequent_error onehot_numbers_error onehot_numbers_drop
onehot_numbers_infrequent onehot_ints onehot_legacy_values
ordinal_text_given ordinal_numbers ordinal_unknown_nan ordinal_none
ordinal_numbers_nan ordinal_min_frequency

function_absolute function_exp function_none_unchecked
function_none_validate

count_vectorizer_bigrams count_vectorizer_binary count_vectorizer_char
count_vectorizer_ascii tfidf_vectorizer tfidf_logistic_char_wb
tfidf_logistic_plain count_tfidf_sgd tfidf_linear_svc tfidf_ridge
tfidf_forest count_nb

decision_tree_weighted decision_tree_multi_output_text
decision_tree_one_class decision_tree_log_proba
decision_tree_regressor_leaf decision_tree_regressor_multi
extra_tree_classifier extra_tree_regressor_nan random_forest_seven
random_forest_ties random_forest_balanced random_forest_log_proba
random_forest_regressor_multi random_forest_regressor_nan extra_trees_nan

gradient_boosting_unequal
gradient_boosting_init_zero
gradient_boosting_init_tree gradient_boosting_absolute
gradient_boosting_quantile
gradient_boosting_regressor_init gradient_boosting_text
gradient_boosting_binary gradient_boosting_exponential
gradient_boosting_huber hist_text hist_poisson
hist_absolute hist_quantile hist_gamma hist_categories_mask
hist_strings_regressor hist_from_dtype_binary

pipeline_mixed_scaled_forest pipeline_mixed_regressor
pipeline_constant_forest pipeline_remainder_estimator
pipeline_drop_passthrough pipeline_masks pipeline_weights
column_transformer_text pipeline_set_output pipeline_scaler_forest
pipeline_kbest_tree pipeline_array_remainder pipeline_array_mask
pipeline_imputer_ridge pipeline_log1p_ridge pipeline_kmeans
pipeline_transformer pipeline_nested pipeline_last_passthrough
feature_union_logistic feature_union_passthrough grid_search_forest
pipeline_grid_last grid_search_mixed randomized_search
pipeline_ordinal_hist pipeline_slices pipeline_selector
count_vectorizer_char_wb tfidf_logistic_options extra_trees_regressor
decision_tree_multi_output random_forest_binary pipeline_positions
pipeline_pca_logistic pipeline_remainder_passthrough feature_union
""".split())


def rows_of(lane):
    return ROWS_NEWEST if lane == MAIN[-1] else ROWS_MAIN if lane in MAIN else ROWS_OTHER


def writes(lane, case):
    if case.lanes == "newest":
        return lane == MAIN[-1]
    return lane in MAIN or case.name not in MAIN_ONLY
