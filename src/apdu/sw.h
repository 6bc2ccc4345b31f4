/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the status words, GM/T 0017 clause 8.6 as keys implement it. */
#ifndef BK_APDU_SW_H
#define BK_APDU_SW_H

#define BK_SW_OK 0x9000u
#define BK_SW_PIN_WRONG 0x63C0u /* low nibble: tries left */
#define BK_SW_WRITE_FAILED 0x6581u
#define BK_SW_LENGTH 0x6700u
#define BK_SW_KEYGEN_FAILED 0x6915u
#define BK_SW_SECURITY 0x6982u
#define BK_SW_LOCKED 0x6983u
#define BK_SW_NO_RANDOM 0x6984u
#define BK_SW_CONDITIONS 0x6985u
#define BK_SW_NOT_ALLOWED 0x6986u
#define BK_SW_SM_OBJECT 0x6988u
#define BK_SW_APP_CLOSED 0x698Au
#define BK_SW_DATA 0x6A80u
#define BK_SW_UNSUPPORTED 0x6A81u
#define BK_SW_NO_SPACE 0x6A84u
#define BK_SW_P1P2 0x6A86u
#define BK_SW_NO_APP 0x6A88u
#define BK_SW_APP_EXISTS 0x6A89u
#define BK_SW_APP_OPEN 0x6A8Au
#define BK_SW_NO_APP_NAME 0x6A8Bu
#define BK_SW_NO_SESSION_KEY 0x6A8Cu
#define BK_SW_OTHER_APP_OPEN 0x6A90u
#define BK_SW_NO_CONTAINER_NAME 0x6A91u
#define BK_SW_FILE_EXISTS 0x6A92u
#define BK_SW_NO_FILE 0x6A93u
#define BK_SW_NO_CONTAINER 0x6A94u
#define BK_SW_NO_KEY_PAIR 0x6A95u
#define BK_SW_NO_CERT 0x6A96u
#define BK_SW_FILE_WRITE 0x6A97u
#define BK_SW_VERIFY_FAILED 0x6A98u
#define BK_SW_SESSION_ALG 0x6A99u
#define BK_SW_ENCRYPT_FAILED 0x6A9Au
#define BK_SW_DECRYPT_FAILED 0x6A9Bu
#define BK_SW_SIGN_FAILED 0x6A9Cu
#define BK_SW_HASH_ALG 0x6A9Du
#define BK_SW_MORE 0x6A9Eu
#define BK_SW_NO_KEY 0x6A9Fu
#define BK_SW_OFFSET 0x6B00u
#define BK_SW_LE 0x6C00u
#define BK_SW_INS 0x6D00u
#define BK_SW_CLA 0x6E00u
#define BK_SW_ANSWER_LONG 0x6E01u
#define BK_SW_CONTAINER_EXISTS 0x6E02u

#endif
