# what a key means
noinst_LIBRARIES += libtoken.a
libtoken_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(PCSC_CFLAGS)
libtoken_a_SOURCES = \
	src/token/change.c src/token/change.h \
	src/token/data.c src/token/data.h \
	src/token/file.c src/token/file.h \
	src/token/history.c \
	src/token/identity.c src/token/identity.h \
	src/token/key.c src/token/key.h \
	src/token/login.c \
	src/token/pending.c src/token/pending.h \
	src/token/put.c src/token/put.h \
	src/token/reader.c src/token/reader.h \
	src/token/record.c src/token/record.h \
	src/token/refused.c src/token/refused.h \
	src/token/renew.c src/token/renew.h \
	src/token/renew_load.c \
	src/token/station.c src/token/station.h \
	src/token/token.c src/token/token.h \
	src/token/unlock.c src/token/unlock.h \
	src/token/unlock_msg.c src/token/unlock_msg.h
