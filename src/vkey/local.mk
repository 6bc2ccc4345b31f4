# the virtual key
if VIRTUAL_KEY
noinst_LIBRARIES += libvkey.a
endif
libvkey_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
libvkey_a_SOURCES = \
	src/vkey/application.c \
	src/vkey/command.h \
	src/vkey/container.c \
	src/vkey/crypt.c src/vkey/crypt.h \
	src/vkey/device.c \
	src/vkey/dispatch.c \
	src/vkey/file.c \
	src/vkey/keypair.c \
	src/vkey/pin.c \
	src/vkey/state.c src/vkey/state.h \
	src/vkey/counter.c src/vkey/counter.h src/vkey/store.c src/vkey/store.h \
	src/vkey/vkey.c src/vkey/vkey.h \
	src/vkey/vpcd.c src/vkey/vpcd.h
BK_VKEY_LIBS = libvkey.a $(BK_CRYPTO_LIBS)
