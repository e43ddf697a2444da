/* Images of others, decoded and made anew, no larger than they are wanted: nothing but pixels comes through.
 */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdlib.h>

#include "reading/reading.h"

enum { PIXELS_MAX = 100 << 20 }; /* of the whole image, four bytes each */

struct picture {
    int side;
    bool is_too_large;
};

static void on_size(GdkPixbufLoader *loader, int width, int height, gpointer arg)
{
    struct picture *p = arg;
    int longer = width > height ? width : height;
    p->is_too_large = longer <= 0 || (int64_t)width * height > PIXELS_MAX;
    if (p->is_too_large)
        gdk_pixbuf_loader_set_size(loader, 1, 1);
    else if (longer > p->side)
        gdk_pixbuf_loader_set_size(loader, width * p->side / longer > 0 ? width * p->side / longer : 1,
                                   height * p->side / longer > 0 ? height * p->side / longer : 1);
}

/* The first image of the file, as it is meant to be looked at. NULL: there is none. */
static GdkPixbuf *decoded(struct picture *p, const char *media, struct bytes file)
{
    enum { PIECE = 64 << 10 };
    GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_mime_type(media, NULL);
    GdkPixbuf *image = NULL;
    bool is_good = loader != NULL;
    if (!loader)
        return NULL;
    g_signal_connect(loader, "size-prepared", G_CALLBACK(on_size), p);
    for (size_t at = 0; is_good && !p->is_too_large && at < file.size; at += PIECE)
        is_good = gdk_pixbuf_loader_write(loader, file.data + at,
                                          file.size - at < PIECE ? file.size - at : PIECE, NULL);
    is_good = gdk_pixbuf_loader_close(loader, NULL) && is_good;
    GdkPixbuf *first = is_good && !p->is_too_large ? gdk_pixbuf_loader_get_pixbuf(loader) : NULL;
    if (first)
        image = gdk_pixbuf_apply_embedded_orientation(first);
    g_object_unref(loader);
    return image;
}

/* What is written of it is its pixels: what the file says of itself stays behind. */
static bool put_png(GdkPixbuf *image, struct buffer *out)
{
    gchar *data;
    gsize size;
    if (!gdk_pixbuf_save_to_buffer(image, &data, &size, "png", NULL, NULL))
        return false;
    bool fits = buffer_add(out, data, size);
    g_free(data);
    return fits;
}

enum ask_status reading_picture(const char *media, int side, int file, struct buffer *out)
{
    struct picture p = {.side = side};
    size_t size;
    uint8_t *data = reading_whole(file, &size);
    GdkPixbuf *image = data ? decoded(&p, media, bytes_of(data, size)) : NULL;
    enum ask_status status = p.is_too_large ? ASK_TOO_MUCH : ASK_BROKEN;
    if (image && size < READING_INPUT_MAX)
        status = put_png(image, out) ? ASK_DONE : ASK_TOO_MUCH;
    if (image)
        g_object_unref(image);
    free(data);
    return status;
}
