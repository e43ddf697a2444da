/* Parts of a program that are loaded when they are first needed. */
#ifndef BATON_BASE_BESIDE_H
#define BATON_BASE_BESIDE_H

/* The library of this name in this program's own folder, nowhere else. It stays loaded; asking again costs a
   look-up. NULL: dlerror() says why, if it says anything. */
void *beside_load(const char *name);

#endif
