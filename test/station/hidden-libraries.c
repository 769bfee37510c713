/* For the dynamic loader (LD_AUDIT, see rtld-audit(7)): libraries named in HIDDEN_LIBRARIES are not on this machine. */
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned int la_version(unsigned int version) { return version; }

char *la_objsearch(const char *name, uintptr_t *cookie, unsigned int flag) {
  static char nowhere[256];
  const char *hidden = getenv("HIDDEN_LIBRARIES");
  const char *slash = strrchr(name, '/');
  const char *base = slash == NULL ? name : slash + 1;
  (void)cookie;
  (void)flag;
  if (hidden == NULL || *base == '\0' || strstr(hidden, base) == NULL) return (char *)name;
  snprintf(nowhere, sizeof nowhere, "/nowhere/%s", base);
  return nowhere;
}
