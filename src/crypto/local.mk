noinst_LIBRARIES += libcrypto_bk.a
libcrypto_bk_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
libcrypto_bk_a_SOURCES = \
	src/crypto/crl.c \
	src/crypto/csr.c src/crypto/csr.h \
	src/crypto/certs_only.c src/crypto/certs_only.h \
	src/crypto/cms.h src/crypto/cms_enveloped.c src/crypto/cms_form.c src/crypto/cms_form.h \
	src/crypto/cms_signed.c \
	src/crypto/ctx.c src/crypto/ctx.h \
	src/crypto/der.c src/crypto/der.h \
	src/crypto/digest.c src/crypto/digest.h \
	src/crypto/envelope.c src/crypto/envelope.h \
	src/crypto/issue.c src/crypto/issue.h \
	src/crypto/pubkey.c src/crypto/pubkey.h \
	src/crypto/random.c src/crypto/random.h \
	src/crypto/rsa.c src/crypto/rsa.h \
	src/crypto/rsa_pad.c src/crypto/rsa_pad.h \
	src/crypto/rsa_pub.c \
	src/crypto/ocsp.c src/crypto/ocsp.h \
	src/crypto/scrypt.c src/crypto/scrypt.h \
	src/crypto/signer.c src/crypto/signer.h \
	src/crypto/sm2.c src/crypto/sm2.h \
	src/crypto/sm2_form.c \
	src/crypto/sm4.c src/crypto/sm4.h \
	src/crypto/x509.c src/crypto/x509.h
BK_CRYPTO_LIBS = libcrypto_bk.a $(BK_BASE_LIBS)
