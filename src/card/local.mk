# GM/T 0017 commands, as operations of a key
noinst_LIBRARIES += libcard.a
libcard_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
libcard_a_SOURCES = \
	src/card/card.h \
	src/card/container.c \
	src/card/device.c \
	src/card/dialect.c src/card/dialect.h \
	src/card/exchange.c src/card/exchange.h \
	src/card/file.c \
	src/card/key.c \
	src/card/pin.c \
	src/card/produce.c \
	src/card/status.c src/card/status.h
