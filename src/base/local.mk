noinst_LIBRARIES += libbase.a
libbase_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
libbase_a_SOURCES = \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/codec.c src/base/codec.h \
	src/base/config.c src/base/config.h \
	src/base/err.c src/base/err.h \
	src/base/file.c src/base/file.h \
	src/base/gate.c src/base/gate.h \
	src/base/log.c src/base/log.h \
	src/base/secret.c src/base/secret.h \
	src/base/signed.c src/base/signed.h \
	src/base/text.h \
	src/base/tlv.c src/base/tlv.h \
	src/base/write.c src/base/write.h
BK_BASE_LIBS = libbase.a $(OPENSSL_LIBS)
