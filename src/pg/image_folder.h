/*
 * image_folder.h: the folder of shared plan images, and how much it may hold.
 */
#ifndef MXPG_IMAGE_FOLDER_H
#define MXPG_IMAGE_FOLDER_H

#include "postgres.h"

/* The server removes files of that prefix when it starts. */
#define MXPG_IMAGE_PREFIX "pgsql_tmp_model_ext."

/* Relative to the data folder, where every backend works. */
void mxpg_image_folder(char folder[MAXPGPATH]);
/* false, and errno set, when it cannot be made. */
bool mxpg_image_make_folder(void);
/*
 * Removes files, least used first, until they are within limit bytes; spares
 * the path given.  Sessions that have one mapped go on with it.
 */
void mxpg_image_trim_folder(const char *spared, size_t limit);

#endif
