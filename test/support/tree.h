/* SPDX-License-Identifier: MIT */
/* Walks the files of a folder of the project; what is built or fetched is left out. */
#ifndef TEST_SUPPORT_TREE_H
#define TEST_SUPPORT_TREE_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* path is relative to the root; text is NUL-terminated and may hold NULs before its end. */
typedef void (*tree_fn)(void *user, const char *path, const char *text, size_t size);

static inline bool tree_is_ours(const char *name)
{
    return name[0] != '.' && strcmp(name, "build") != 0 && strcmp(name, "node_modules") != 0 &&
           strcmp(name, "dist") != 0;
}

static inline bool tree_ends_with(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

static inline void tree_file(const char *full, const char *path, size_t size, tree_fn fn,
                             void *user)
{
    FILE *f = fopen(full, "rb");
    char *text = malloc(size + 1);
    if (!f || !text) {
        fprintf(stderr, "%s: cannot read\n", full);
        exit(1);
    }
    size_t n = fread(text, 1, size, f);
    text[n] = '\0';
    fclose(f);
    fn(user, path, text, n);
    free(text);
}

/* Every regular file below root/path up to 4 MiB. A folder that is not there has no files. */
static inline void tree_walk(const char *root, const char *path, tree_fn fn, void *user)
{
    char full[4096], child[2048];
    snprintf(full, sizeof full, "%s/%s", root, path);
    struct stat st;
    if (stat(full, &st) != 0)
        return;
    if (S_ISREG(st.st_mode) && st.st_size <= 4 << 20)
        tree_file(full, path, (size_t)st.st_size, fn, user);
    if (!S_ISDIR(st.st_mode))
        return;
    struct dirent **names;
    int count = scandir(full, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (tree_is_ours(names[i]->d_name)) {
            snprintf(child, sizeof child, "%s%s%s", path, *path ? "/" : "", names[i]->d_name);
            tree_walk(root, child, fn, user);
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
}

#endif
