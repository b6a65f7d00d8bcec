/* SPDX-License-Identifier: MIT */
/* What the readers of chats in JSON share: a file, its tree, its place, one message at a time. */
#ifndef HF_RECORD_FORMATS_JSON_LINES_H
#define HF_RECORD_FORMATS_JSON_LINES_H

#include "record/formats/json_fields.h"
#include "text/json_tree.h"

typedef struct hf_i_json_chat {
    hf_ctx *ctx;
    hf_i_blob blob;
    hf_i_json_reader json;
    hf_i_json_tree tree;
    hf_i_json_place place;
    char *name;
    bool open;
} hf_i_json_chat;

/* Opens an entry: as the builder's input when r->build is set. many: JSON Lines. */
hf_status hf_i_json_chat_open(hf_i_json_chat *c, hf_i_reader *r, size_t entry, bool many);
void hf_i_json_chat_close(hf_i_json_chat *c);

/* Goes into the document's object to the array of that name; *found is false when there is none.
 * first (may be NULL) is called for each value before it, like hf_i_field_fn with its name. */
typedef hf_status (*hf_i_member_fn)(void *user, hf_i_json_chat *c, const hf_i_json_name *name);
hf_status hf_i_json_chat_enter(hf_i_json_chat *c, const char *array, hf_i_member_fn member,
                               void *user, bool *found);

/* The rest of the document after the array, so that a cut file is refused. member as above. */
hf_status hf_i_json_chat_leave(hf_i_json_chat *c, hf_i_member_fn member, void *user);

/* Reads the object that is the current token as the tree; sets the place of m. */
hf_status hf_i_json_chat_message(hf_i_json_chat *c, hf_message *m);

/* The text of a node; empty (not NULL) for what is missing. */
hf_text hf_i_node_text(const hf_i_json_node *n);
hf_text hf_i_get_text(const hf_i_json_chat *c, const hf_i_json_node *n, const char *path);
/* An ISO time: sets t_ms, t_kind, t_res_ms. */
bool hf_i_set_iso_time(hf_message *m, hf_text t);
int64_t hf_i_iso_ms(hf_text t); /* HF_NO_TIME when it is none */

/* Adds a message under a name (empty: no sender). */
hf_status hf_i_add_named(hf_i_build *b, hf_message *m, hf_text sender, hf_text key);

/* ---- a whole reader made of callbacks -------------------------------------------------------- */

typedef struct hf_i_json_source {
    const char *array; /* the member that holds the messages; NULL: the document is the array */
    bool many;         /* JSON Lines: each line is a message */
    size_t state_size; /* of the reader's own state, zeroed; may be 0 */
    hf_status (*start)(hf_i_reader *r); /* may be NULL; before the first entry */
    hf_i_member_fn member;              /* may be NULL; user is the reader */
    /* One message, read as the tree; m has its place. */
    hf_status (*message)(hf_i_reader *r, hf_i_json_chat *c, hf_message *m);
    hf_status (*finish)(hf_i_reader *r);
    void (*stop)(hf_i_reader *r); /* may be NULL; frees what the state holds */
    /* May be NULL: whether an entry belongs to the chat that is read. */
    bool (*wanted)(hf_i_reader *r, size_t entry);
} hf_i_json_source;

hf_status hf_i_json_run_open(hf_i_reader *r, const hf_i_json_source *source);
hf_status hf_i_json_run_next(hf_i_reader *r, bool *more);
void hf_i_json_run_close(hf_i_reader *r);
void *hf_i_json_run_state(hf_i_reader *r);

/* Entries of one folder are one chat: its id and title are the folder's name. For list and wanted.
 * counted: the messages of an entry are counted by parsing it. */
hf_status hf_i_list_folders(hf_i_reader *r, hf_i_chat_list *list, const char *array);
/* The folder's own name in 'a/b/FOLDER/file'; the file's name where there is no folder. */
hf_text hf_i_folder_of(const hf_i_reader *r, size_t entry);
bool hf_i_in_wanted_folder(hf_i_reader *r, size_t entry);

bool hf_i_probe_holds(const hf_i_probe *p, const char *what);
/* The first character that is no blank or mark. */
char hf_i_probe_first(const hf_i_probe *p);

#endif
