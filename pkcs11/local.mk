# The module. Its sources are a library, so that tests can be linked with the same code and put something at
# its seams; the shared object is made of the same objects, behind a version script.
BK_MODULE_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(P11H_CFLAGS)

noinst_LIBRARIES += libbjca_module.a
libbjca_module_a_CPPFLAGS = $(BK_MODULE_CPPFLAGS)
libbjca_module_a_SOURCES = \
	pkcs11/attribute.c \
	pkcs11/call.c pkcs11/call.h \
	pkcs11/create.c pkcs11/create.h \
	pkcs11/crypt.c pkcs11/crypt.h \
	pkcs11/derive.c \
	pkcs11/digest.c \
	pkcs11/dual.c \
	pkcs11/state.c \
	pkcs11/info.c \
	pkcs11/interface.c \
	pkcs11/keygen.c \
	pkcs11/mechanism.c pkcs11/mechanism.h \
	pkcs11/module.c pkcs11/module.h \
	pkcs11/object.c pkcs11/object.h \
	pkcs11/op.c pkcs11/op.h \
	pkcs11/p11.h \
	pkcs11/recover.c \
	pkcs11/rv.c pkcs11/rv.h \
	pkcs11/secret.c \
	pkcs11/session.c pkcs11/session.h \
	pkcs11/sign.c pkcs11/sign.h \
	pkcs11/slot.c pkcs11/slot.h \
	pkcs11/station.c \
	pkcs11/stored.c pkcs11/stored.h \
	pkcs11/template.c pkcs11/template.h \
	pkcs11/unsupported.c \
	pkcs11/vendor.c pkcs11/vendor.h \
	pkcs11/vendor_file.c \
	pkcs11/vendor_renew.c \
	pkcs11/vendor_unlock.c \
	pkcs11/watch.c pkcs11/watch.h

# what it stands on
BK_MODULE_BELOW = libtoken.a libcard.a libtransport.a libapdu.a
if VIRTUAL_KEY
BK_MODULE_BELOW += libvkey.a
endif
BK_MODULE_BELOW += $(BK_CRYPTO_LIBS) $(PCSC_LIBS)
BK_MODULE_LIBS = libbjca_module.a $(BK_MODULE_BELOW)

# -Bsymbolic: programs with a C_ function of their own (p11-kit's library has all of them) must not
# find their way into our lists.
module_PROGRAMS += bjca-pkcs11.so
bjca_pkcs11_so_SOURCES =
bjca_pkcs11_so_LDADD = $(libbjca_module_a_OBJECTS) $(BK_MODULE_BELOW)
bjca_pkcs11_so_LDFLAGS = $(AM_LDFLAGS) -shared $(NO_UNDEFINED) -Wl,-Bsymbolic -Wl,-soname,bjca-pkcs11.so \
	-Wl,--version-script=$(srcdir)/pkcs11/bjca-pkcs11.map
EXTRA_bjca_pkcs11_so_DEPENDENCIES = pkcs11/bjca-pkcs11.map
EXTRA_DIST += pkcs11/bjca-pkcs11.map

include_HEADERS += pkcs11/bjca-pkcs11.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = pkcs11/bjca-pkcs11.pc
dist_man_MANS += docs/man/bjca.conf.5 docs/man/bjca-pkcs11.3
examplesdir = $(docdir)/examples
dist_examples_DATA = docs/examples/open.h docs/examples/renewal.c docs/examples/status.c \
	docs/examples/unlock.c
