# rules of pkcs11
