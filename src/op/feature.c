/* feature.c */
/* How messages name a column and show a number. */
#include "op/feature.h"

#include <stdio.h>
#include <stdlib.h>

const char *
mx_show_feature(const MxText *names, size_t j, char buffer[MX_FEATURE_SIZE])
{
	char quoted[MX_QUOTED_SIZE];

	if (names == NULL || names[j].data == NULL)
		snprintf(buffer, MX_FEATURE_SIZE, "feature %zu", j + 1);
	else
		snprintf(buffer, MX_FEATURE_SIZE, "feature %s",
		         mx_quote(names[j], quoted));
	return buffer;
}

const char *
mx_show_number(double number, char buffer[MX_NUMBER_SIZE])
{
	int digits;

	for (digits = 1; digits <= 17; digits++)
	{
		snprintf(buffer, MX_NUMBER_SIZE, "%.*g", digits, number);
		if (strtod(buffer, NULL) == number)
			break;
	}
	return buffer;
}
