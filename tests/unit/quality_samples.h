/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_QUALITY_SAMPLES_H
#define TEST_QUALITY_SAMPLES_H

/** @file Moduli made to be weak in one way each, and sound ones beside them; hexadecimal. */

static const char sound[] = "ebd0ac511895a07cf4c0891b7482d9ce3f029c77d0812887e0e0fc500a19a8311aebdcb3668ae42aa3a38b09c06fb0dcd5bf"
                            "d0bace5c504e33751e4b6a45064a2a2d68833ff23f3178ac2973042aa04b505758fc49501d68c3e48c81864e3b583495eb99"
                            "27225762c9a4e37bfd879e3bf87495af59ce8379367a5d6e1114888d";

static const char sound_other[] = "dcf9a477041a2a29c8c214457ece60426ba397a6a8260f84f6fcf38f2e243a4f29a9249bb73c97d1cba7d7255de109f867bb"
                                  "17b9f8a02f5e19d443d205f7d3023d3334c0f186547391f036d983e57f76d8557ccccf4b30c10d70d2d04452164fa13e8347"
                                  "fb94c2c9faad2dae6b77a1ec7f49ee7ee3eeab4c287d11119edd64ab";

static const char apart[] = "bcd3d23d0dc59953566ffdf2f6d2fc35fd7690ae9c14cee710cb8eac7fdc662e724779aa9fb1b8f504c836d6b957d7db6c8b"
                            "b79ef56b4fefe6b08065945b733e4ad746294f9515c2d82a56c046f757fef0f9733ee6b7fd07742b40cc6a9e434f2a58b821"
                            "38c2cab927fd4f963d747d1c450feef2492f129b85e5fcdbb0e71457";

static const char close[] = "e78b3c6f7ff43e117dc41ae8a1fa91e7286255a28be8c75b023940cff1fd984cf9171101acba61c654e07b4bda58dd527281"
                            "371ca33c7bc3cc10202393021f4d25c2b7969bf25aba77388f59769f4a8d9c2bd0ddabb3c75e7668a4194b268ab0c73819c9"
                            "4c01988956887b876cac1b897af81876c448299366d3b4c7329ac2b7";

static const char near_close[] = "e78b3c6f7ff43e117dc41ae8a1fa91e7286255a28be8c75b023940cff2f10f5b3b0f99e8b5fc43d7a8f7c95b3794b7799420"
                                 "14c9d1f28094fafa20f500e2ae9fffa185a7b3ed307f500d809156dfe1e2cb2923683b75027f1295bc860d07dd0e38540fee"
                                 "ccfc1f17ccdeeaec072829006af0bcb5471f514db7a888136bfa3cef";

static const char factor[] = "c81ac12f787e1b740e951b4173d74e32fc1024fa820256f7bb45a75a3469076844cae31b4d8d09c4b75a7d6124b981aa8979"
                             "f76990198a8de22cf8ea3c16b4be7228b2a108766d3f4d05c2e26a95a9a2807a575586690b6b10cad6d0dd95574287504b49"
                             "f4f96bff5e6e454dc29260300e7f8ada17f8edd0693df0b2fe72b5c9";

static const char factor_beyond[] = "edabc8df66d7e6a2188f5a50d66a4ab337154a098eb41890ec3a83ebe00fc4f1d69e159ee2fd15fbbdde151e70c9dfa9777c"
                                    "754ea2f783ba6594a58df7c716fd91a4cebf3b7461a95ccf56269b6b3d9803f613e7680ef53f4165001f000dacb766c9d78b"
                                    "b192f270a1ca22545067745d9a40054a515f603c5f56f6e8fb28ebe5";

static const char roca[] = "48a21ec1dc86359a2bf2d55d7dfa457aafab4d2baca339d019ff9fde3301385b2ac8faf7871e7c85ce77641a9318d16bf9b9"
                           "fe70505ef58050177d8482a2f2fbde4bba48f43a2e1aa29608c4b943cfbf34a986f3147bb253107e22d407df83bab0a9150d"
                           "1566dd7973804b00c663abab5a3967a5b9835fccb1e8b1ce07bc73bd";

static const char prime[] = "e6cbce486aa4f5d9d938f73f66e21a17af08d99c9280961dc861ad4b3206b526539042d833dd57c5910d4452364533789e26"
                            "a262f53197d3790085bf6ddb8d18941862bcbb9854e162b558d43a93ebb8e09746739f8c19fdbd3c2d1c8682033e712c3805"
                            "e2d594b792edb5d9e1442db0819d2bca7bcc7796a90801747959745d";

/* Private exponents of 250 bits, made with phi and with the least common multiple, and one of 262: beyond a fourth of the modulus. */
static const char wiener_phi_n[] = "a87e6baf4fd997ed776f962025b51bc02598becd01337f9391414d7e276110b4f2b8e515759a44ca462001d32beb"
                                   "0c447585b7a8a378e1d58f98bc9c00b703db30983f270f6bb668e81b1d745e57ed40ed894d55911fbda60c0991c2"
                                   "a79b9af866e18556caf7d5f5d0c2b6ed4efb9175e720fb3eab64d11e883dcf7692143279";
static const char wiener_phi_e[] = "2befab350a538d0a9a72b8540801cab05fdde31d6a54c9c48745661af4d934c51dfab1ea0480b1fa19ce147bb7e9"
                                   "023f85eeb0b697b6708e4620f7661e9e4b9354bdb639591abc615d8266a4969b52459e77480f25ff67020842a71a"
                                   "f237c97b010176707f5afc6112720d937696bb4c75f31fc942e3343bf677fd7481dcc54f";
static const char wiener_lcm_n[] = "cc7372ff93e50fd2cc3502b4f6728f83680ad267b2d7523be92f81c568ea8a4a16255d7bccaebc5132116f70afbe"
                                   "aa41480dfcde174e05e7bd5e6a481c6cef1a8f1996c88b08fe47dd2c363a0d142390b2501139dc50e5d1041ad02d"
                                   "0d8403569f4780c9ea1b09028fd36c18d9bb878880ae3bd2ed00de81f91e8fa4b85fba4f";
static const char wiener_lcm_e[] = "0a6d29f19021a6b73ef5c99d32c3d513123136d347af8d1db74e724055efe2c4983b2167151979d8a310d531d3c2"
                                   "3143f0b7b1f1e7b4b97c02eab16d93f7e38c169327e507fdb98a9217c1408c9639f61e988d5d7c0024909c6fcdd0"
                                   "93edaf8c2a7f2d8b446ea3a98765c00d85d60197337b939b5970d7934aedeafeb1de9d71";
static const char wiener_beyond_n[] = "b50e1920a278f90685c26eeb8caf8e42b3636b9f032ab779ba695174ea98158c91fac9166f7d9f425afe1f04a6b9"
                                      "14e8f117e3685a427e9462339ffa0ec9a17964865b50e2b9aeb6a2498e3bc81c335d7d81a9661936c223477ae64a"
                                      "05014a1b2c35a35c17c0cca8eb305f4625cbb9fd00c962a70a0dfa8d40c47b2b6db0abeb";
static const char wiener_beyond_e[] = "1c3be3dfab5bf0a2f0064c4f05c8b22ad8f951adb572a505b79baf3758f7f12fd507e09890cef33bac2c0f26fa28"
                                      "bde8b4ce9a2bf0d5e8634b9e7fef93e9d3e4211c7218b166d8e2c09d477838a3b60599a2776e73020447fc79220c"
                                      "2fc90c373aaf68743b134f181c67401d3c964c58a5188f00ecc7e3ea4c5d813c45fefd93";

#endif
