// libcurl, callable from Swift.
//
// `curl_easy_setopt` and `curl_easy_getinfo` are variadic, and Swift imports no
// variadic functions. Each wrapper below fixes one argument type, so that a
// wrong type is a compile error in Swift instead of undefined behaviour in C.

#ifndef SIMPUL_CCURL_SHIM_H
#define SIMPUL_CCURL_SHIM_H

#include <curl/curl.h>

static inline CURLcode simpul_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

// `text` is copied by libcurl; NULL puts the option back to its default.
static inline CURLcode simpul_curl_set_text(CURL *handle, CURLoption option, const char *text) {
    return curl_easy_setopt(handle, option, text);
}

static inline CURLcode simpul_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// `value` is not copied: it must outlive the transfer.
static inline CURLcode simpul_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// `list` is not copied: it must outlive the transfer.
static inline CURLcode simpul_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
    return curl_easy_setopt(handle, option, list);
}

// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
static inline CURLcode simpul_curl_set_write(CURL *handle, CURLoption option, curl_write_callback function) {
    return curl_easy_setopt(handle, option, function);
}

static inline CURLcode simpul_curl_set_read(CURL *handle, curl_read_callback function) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, function);
}

static inline CURLcode simpul_curl_set_seek(CURL *handle, curl_seek_callback function) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode simpul_curl_set_debug(CURL *handle, curl_debug_callback function) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
}

static inline CURLcode simpul_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode simpul_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode simpul_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

// The result inside a CURLMSG_DONE message; Swift sees the C union only as raw bytes.
static inline CURLcode simpul_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
