/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_KEYS_SAMPLES_H
#define TEST_KEYS_SAMPLES_H

/** @file Keys made for the tests with openssl, in every armour; thumbprints (RFC 7638) worked out by another implementation. */

#define SAMPLE_RSA_PKCS8                                                 \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANBCV8je+ocXKCBd\n" \
    "TfYOBor1u3JvCs3ekc/3bArL28K6/E4xTIrzYk1J4Wpxzz4E65nzZYz+QK+JsVBa\n" \
    "2789GbtGqyXOZMU56uQV03uRootuaOLpIP6VKLBSuPkTZMcBIW5NO7HQcyLb5Qb1\n" \
    "WcmuUNRVGAHpLB9ymX4CyIsE+n8fAgMBAAECgYA7vpySaq1ybck8J6hC61kjKkXB\n" \
    "GWv/DVfFUpSzMDJ2VdAl2my7/AB6bbR2JfovL5grTTEX1qTV9ulgRQB/h1bG5uKP\n" \
    "8OaA8hPcMHtebRATBcrGZRHwgan4QJ6kExcaCC3qkEpjUAiEQkaMKcj5G3kBx/9Z\n" \
    "fkRy3J3UYG8OAM3SWQJBAP9i/m6AvZWEfubYdhBHkUJPq7OLhvNe63KC6y0mGqoG\n" \
    "lwpMIeEvX/5EQVPK/dwIe9MNePt8soN2FDBJB1ao08sCQQDQwmBFUb0LUImWviTw\n" \
    "f5cdkpo3LCMs7TahyClMjiZdnThsrxusRluhOo/lisfk05GkU0C5+KpzoQ0QgDdr\n" \
    "AJ99AkEAuAsiKoZSmbajMT8bTj4VG4GIzlolxatI5/wa+S11l8QqAvy8iah3eCi+\n" \
    "H2GxMmlWutEBt9K0XvKwN9/ZDwWZowJAR1OigQzEgrEp0Y92H5X4k+obNu6lthv2\n" \
    "pqA1PCr1gNbPCJNr6RjBBf10XQFl+xEume64FtKXqppEVHb6eFzmIQJAM1tmnfWW\n" \
    "Qj9p7pBA4VGuZEj77YCpHtiL8N0MBSOEjKZRnPfG3WBVSdxe3fp4kAC12rd5bghT\n" \
    "3c9mqGQapfon4g==\n"                                                 \
    "-----END PRIVATE KEY-----\n"

#define SAMPLE_RSA_PKCS1                                                 \
    "-----BEGIN RSA PRIVATE KEY-----\n"                                  \
    "MIICXAIBAAKBgQDQQlfI3vqHFyggXU32DgaK9btybwrN3pHP92wKy9vCuvxOMUyK\n" \
    "82JNSeFqcc8+BOuZ82WM/kCvibFQWtu/PRm7RqslzmTFOerkFdN7kaKLbmji6SD+\n" \
    "lSiwUrj5E2THASFuTTux0HMi2+UG9VnJrlDUVRgB6Swfcpl+AsiLBPp/HwIDAQAB\n" \
    "AoGAO76ckmqtcm3JPCeoQutZIypFwRlr/w1XxVKUszAydlXQJdpsu/wAem20diX6\n" \
    "Ly+YK00xF9ak1fbpYEUAf4dWxubij/DmgPIT3DB7Xm0QEwXKxmUR8IGp+ECepBMX\n" \
    "Gggt6pBKY1AIhEJGjCnI+Rt5Acf/WX5Ectyd1GBvDgDN0lkCQQD/Yv5ugL2VhH7m\n" \
    "2HYQR5FCT6uzi4bzXutygustJhqqBpcKTCHhL1/+REFTyv3cCHvTDXj7fLKDdhQw\n" \
    "SQdWqNPLAkEA0MJgRVG9C1CJlr4k8H+XHZKaNywjLO02ocgpTI4mXZ04bK8brEZb\n" \
    "oTqP5YrH5NORpFNAufiqc6ENEIA3awCffQJBALgLIiqGUpm2ozE/G04+FRuBiM5a\n" \
    "JcWrSOf8GvktdZfEKgL8vImod3govh9hsTJpVrrRAbfStF7ysDff2Q8FmaMCQEdT\n" \
    "ooEMxIKxKdGPdh+V+JPqGzbupbYb9qagNTwq9YDWzwiTa+kYwQX9dF0BZfsRLpnu\n" \
    "uBbSl6qaRFR2+nhc5iECQDNbZp31lkI/ae6QQOFRrmRI++2AqR7Yi/DdDAUjhIym\n" \
    "UZz3xt1gVUncXt36eJAAtdq3eW4IU93PZqhkGqX6J+I=\n"                     \
    "-----END RSA PRIVATE KEY-----\n"

#define SAMPLE_RSA_SPKI                                                  \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDQQlfI3vqHFyggXU32DgaK9bty\n" \
    "bwrN3pHP92wKy9vCuvxOMUyK82JNSeFqcc8+BOuZ82WM/kCvibFQWtu/PRm7Rqsl\n" \
    "zmTFOerkFdN7kaKLbmji6SD+lSiwUrj5E2THASFuTTux0HMi2+UG9VnJrlDUVRgB\n" \
    "6Swfcpl+AsiLBPp/HwIDAQAB\n"                                         \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_RSA_PUBLIC                                                \
    "-----BEGIN RSA PUBLIC KEY-----\n"                                   \
    "MIGJAoGBANBCV8je+ocXKCBdTfYOBor1u3JvCs3ekc/3bArL28K6/E4xTIrzYk1J\n" \
    "4Wpxzz4E65nzZYz+QK+JsVBa2789GbtGqyXOZMU56uQV03uRootuaOLpIP6VKLBS\n" \
    "uPkTZMcBIW5NO7HQcyLb5Qb1WcmuUNRVGAHpLB9ymX4CyIsE+n8fAgMBAAE=\n"     \
    "-----END RSA PUBLIC KEY-----\n"

#define SAMPLE_RSA_ENCRYPTED                                             \
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"                            \
    "MIIC3TBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIda2vbN0xGV0CAggA\n" \
    "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAkGd/0xrwDIwafmdsxXTE/BIIC\n" \
    "gLrT8naUCXiIKAuCePVAefyqSlcqXM5/nJg65s0j/cRlkKch8QYtZ+iYYpjbl+7H\n" \
    "v6aTf7MkwwRn44SPh2r5Fa9poTnZKF2lcvuQTmy8VQI0brB5BVhL9OPqBc+Seq/9\n" \
    "0bu1le4C1kO31pDp8n4y1Wx7VeU95ykAftgx2p5CWmW0vtwFVhMgs4JCFvlXbyZD\n" \
    "5IXJWIQOYKWAkzMndLku0M5wXE4XnNWDPzw6D2JCLPwAnpCZaeuclsdOm7aYk5KY\n" \
    "hN330mYwAWfE0b/c4buyIIfO7yRgKGJu0Yxydm9JwJFrgNWlgDualbME0LQh6jOu\n" \
    "oYiMo1q/Z/1qfg5K45R/T4328ihzOi9QW+/kE9p0owfj7Wh8zZ2GAIyJJCdVmtQm\n" \
    "nUIBzJ3/Q65YSwrEjl/rJY8a+rSxOQ2ML4RkvWk73aEkTdsh+U+cq3huiWc4JBR/\n" \
    "17qK+dPkXR0yxWFc9u+KW72oOx4u/yiXhMmYnILx4WfXvFoWiBM8Ic5ZX8Mboy1N\n" \
    "P+mZBiOD60hi6BQlJAhopuNModNcGu0BUhNvTClCRECCC6AhxJPCx08YyMb6SCar\n" \
    "K2fskn7X/hSKqE63vJtY53lgQndKUGN7aTp9boLcpYfyJCWKaaLBsnZcHF/kkJuj\n" \
    "cNjyCbtMW231YYv5sv1bY0ozlBbfiDW2EI6WeE0Bpwp4AYL6a8mZPlW7Ue57+Pj3\n" \
    "P8k8fnjwDJR1aGSElvvmL7jumNwoLGnzvGR+pQ1M3JAa9NI5U0GYRf1RDJ7DKUf0\n" \
    "tQ92R2jUimPCDKYEx91mcBUm5ixlCD6fhMU0/egkVWBZRsgALDgzZg6hTigUex9Q\n" \
    "yWyhrn79lm/qPO2Vwg99syY=\n"                                         \
    "-----END ENCRYPTED PRIVATE KEY-----\n"

#define SAMPLE_RSA_PKCS1_ENCRYPTED                                       \
    "-----BEGIN RSA PRIVATE KEY-----\n"                                  \
    "Proc-Type: 4,ENCRYPTED\n"                                           \
    "DEK-Info: AES-128-CBC,C794821B7D8A760D57B47B1B4C1EC479\n"           \
    "\n"                                                                 \
    "YOhFosK2HQgKGrtq9C5x1myQpd2RPG6f+iBQYHwu+gP22Wg0uHYHtq3ofpgVjixY\n" \
    "m3AyvZM1P0m8h5tMOhOPmQ1cGw0y7LKNkrKHxy99KjYfFhO+cOWN5uQLoCWDwU75\n" \
    "M/DE+awTh5eaJjti6S2A87sKhE/eFeJnprvgexwtKPeOELYSXqn6+gWS85utWoqp\n" \
    "LahK5Nw65PT//2aewYZL/fpb6DW5KCMbRRwsrUqDURV5gvoAGZJDcrbhfFOiQs3a\n" \
    "9ssg9ko3zaCFw5HJJB4BUUnhfPDaO1VKej5GXp2oMSdbQzeUBL/hCDrua9XdJaiH\n" \
    "4+gRD2ccOMvHdhuFNwIvZ3y1KNhc8Wd4BkVTRDh9dEXHmJokwvAHGJEsBvEerkWw\n" \
    "dqibuhSdfVOmpw4wiIlRfuwkHjfYGQ8ZyHwC/C0hC7wB5/S4QN+NBmfLKJquFa0O\n" \
    "k3WQEWu4lsM2ebfDI8wQae7GtjEy0M4fm/5uF4uj/2qLCHfPcUQf3w4vDdyjN6aV\n" \
    "xPUb4b8loy6XYV+3yjToI42Ua8pEzPxVcSJ3Fpgn3yo9lERCFtUwshmzS7zxKLRO\n" \
    "c5pi9ds81GM/UCj6DlbMhznikgd52lsjKUqk5+8spDl31fo1CJ4M5/zPa3MIyeDU\n" \
    "ZDdSzH+VFfus7jFFX4td029K5+vYgqM6qi/c3PzPcIc1qOm0y+7TqwVq7b3WISA0\n" \
    "WT9t78UdQLOdqo0VDntuF0+cEnzKSuAOegkpRGc8VEUJXabCKAufWZOKzVdy236o\n" \
    "/4M2p0HM9gyoejWD3KSS/72r+iEpMho2xo5wMPoTyxkFpmIcIYPN4f2bE/KcLFBt\n" \
    "-----END RSA PRIVATE KEY-----\n"

#define SAMPLE_EC_SEC1                                                   \
    "-----BEGIN EC PRIVATE KEY-----\n"                                   \
    "MHcCAQEEIGBqTDqFp6BCHDFhp9L4XLusABNbxAzgZ5z5kWKTMTxloAoGCCqGSM49\n" \
    "AwEHoUQDQgAEQYANT3ZxZuKZutODel0ywq6WK36LWzvuweATlNXO6U6Y1SLlEWVO\n" \
    "uT3eszvoCVNvwEBXLTNFEB4uxuylcC8GQA==\n"                             \
    "-----END EC PRIVATE KEY-----\n"

#define SAMPLE_EC_PKCS8                                                  \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYGpMOoWnoEIcMWGn\n" \
    "0vhcu6wAE1vEDOBnnPmRYpMxPGWhRANCAARBgA1PdnFm4pm604N6XTLCrpYrfotb\n" \
    "O+7B4BOU1c7pTpjVIuURZU65Pd6zO+gJU2/AQFctM0UQHi7G7KVwLwZA\n"         \
    "-----END PRIVATE KEY-----\n"

#define SAMPLE_EC_SPKI                                                   \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQYANT3ZxZuKZutODel0ywq6WK36L\n" \
    "WzvuweATlNXO6U6Y1SLlEWVOuT3eszvoCVNvwEBXLTNFEB4uxuylcC8GQA==\n"     \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_EC_COMPRESSED                                             \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACQYANT3ZxZuKZutODel0ywq6WK36L\n" \
    "WzvuweATlNXO6U4=\n"                                                 \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_ED25519_PKCS8                                             \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MC4CAQAwBQYDK2VwBCIEIOdaw6HgsmhdhlbxOMaylvpKmRcpJc+0VShfmfCkNVtD\n" \
    "-----END PRIVATE KEY-----\n"

#define SAMPLE_ED25519_SPKI                                          \
    "-----BEGIN PUBLIC KEY-----\n"                                   \
    "MCowBQYDK2VwAyEAIj/BjbIOQNc/mMkdo4lZK9xzicAvZyJF3panEaXU79I=\n" \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_ED448_SPKI                                                \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MEMwBQYDK2VxAzoAKNLPyC4znKjRMUmyRiR10XwXQB2W0/2mJtANTBfKk1b9Tq55\n" \
    "vUnXY7PFTgT7CcvI/ksscjH10VyA\n"                                     \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_X25519_SPKI                                           \
    "-----BEGIN PUBLIC KEY-----\n"                                   \
    "MCowBQYDK2VuAyEAsCKL1OaTNk+LK/fR8D0/UOWfMN4F9R9Rs63o0zykoAA=\n" \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_X448_SPKI                                                 \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MEIwBQYDK2VvAzkAWIaJgoccO6slQXJwirTdpqL//aSdYK0gup6MyBeK0T5/+xxW\n" \
    "Ze6TGogMqzHztMAv9vfiOE/lUm0=\n"                                     \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_P384_SPKI                                                 \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEnFAmOspRz29t47qnEK28haJTtH+WDUX8\n" \
    "uLBGzpJywDYVQTHwn6rQbuaMIe5ME4njft8bVRDVwXuUhstkfM2rEWDkJalMjWpP\n" \
    "DMxEhsOKF7OvdzP3ZNW5itOwR9i8wozo\n"                                 \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_P521_SPKI                                                 \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAv6Mzc5O8xE1hmAyZpnWXPFE6OZ4U\n" \
    "jKI82kwazYCcPY0+EzD1Wnnrycg9d4A5VDp9ltfRtQ09ePrzA0NrZF8OCFoBOHrl\n" \
    "kttzHZo9zeaeke1drCILW+0q9mJbX7SZoeZqAHFn1JObeY7kXTnS9+tSuIdX2Od5\n" \
    "xqhFqj5xm3qH1h5KrWU=\n"                                             \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_SECP256K1_SPKI                                            \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEB2hHnXtIFvBPg6PoQDo1P3f31m4OzmcF\n" \
    "fS/uQiZjrgiXVE71AAQvviNo4u5rKhDB0JVhc+X9Wc5I0r1+klqY/w==\n"         \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_PSS_SPKI                                                  \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MIGdMAsGCSqGSIb3DQEBCgOBjQAwgYkCgYEAn/ScantXUUIVHG19D+btHXiGlTNP\n" \
    "FGGEOiRqSY4zYrOmC2NnKmx7jCNA6UNxQ2zRqEKoMHNZ71ha2yaG2c50ltGV5xkK\n" \
    "aRt7kWjr48b7kYGP3Tg1uN30h2UMAzOSgxLoaq91jHBfWc/1tKcZh2NV2Mr+TpvN\n" \
    "9MTEcmqvBcAFdDkCAwEAAQ==\n"                                         \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_DSA_SPKI                                                  \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MIIBvzCCATMGByqGSM44BAEwggEmAoGBAMDH6jR9vk56W+hyQsIctDR4cGmnyVHi\n" \
    "lp2ICHZtgwDP8vBltq4/PEgT1EduyoRH8KOWb/YL87I9JTXDdVVKoL9nilnhqV6n\n" \
    "w1Dejnw1a0zb6lvFWxTiCgWj5TIbHCFCHpZDXBppuKjSDtiD/hYLIvAjQEAbaNhL\n" \
    "qx5FEd2YT97hAh0Atadurqa4ISYLIwh9DxF4IFj2bD6jdFqw+UYpRwKBgCD9WbT0\n" \
    "clzpZaLV7ph2Kb38O6f2Z74Xo+w4sn//JveaA1EcpM538Av52448AfrIrASUr/E9\n" \
    "VBk/jZRAXGIyypesitJAvX5GTFXAT9PNQGLmKUT/8WRUUh32XOladFS7pOgqBq3F\n" \
    "DhaCQr8+y4zI4BIvfhhnyIBpoyJkpmG5VrCVA4GFAAKBgQCa+Omu6E9BLP9f7KNb\n" \
    "Ub/w1jWnxAaPgPMBIo4xTHWwpDTDKMzXrV1/DNMuEmUMvYCiQm+V5xJEM7+kax+D\n" \
    "r8+QVhKGfqfgS8myqX4Fn7o16kdurcx4WjHC3IfXKwcd9IfnsZLyIVcDGVvIt7LG\n" \
    "3hEG4FkJeV7AT5nWuLckkcGsaA==\n"                                     \
    "-----END PUBLIC KEY-----\n"

#define SAMPLE_CERTIFICATE                                               \
    "-----BEGIN CERTIFICATE-----\n"                                      \
    "MIIByTCCATKgAwIBAgICEmcwDQYJKoZIhvcNAQELBQAwKTEnMCUGA1UEAwweTGl2\n" \
    "ZSBJRCBTVFMgU2lnbmluZyBQdWJsaWMgS2V5MCAXDTE2MDQwNTE0NDMzNVoYDzIw\n" \
    "NTEwNDA0MTQ0MzM1WjApMScwJQYDVQQDDB5MaXZlIElEIFNUUyBTaWduaW5nIFB1\n" \
    "YmxpYyBLZXkwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBANBCV8je+ocXKCBd\n" \
    "TfYOBor1u3JvCs3ekc/3bArL28K6/E4xTIrzYk1J4Wpxzz4E65nzZYz+QK+JsVBa\n" \
    "2789GbtGqyXOZMU56uQV03uRootuaOLpIP6VKLBSuPkTZMcBIW5NO7HQcyLb5Qb1\n" \
    "WcmuUNRVGAHpLB9ymX4CyIsE+n8fAgMBAAEwDQYJKoZIhvcNAQELBQADgYEAEY7i\n" \
    "fGou9kZTM6gxBKQS7ah/5OtvfOFHHU4ggj4GwMRbbudx34YaFDSfsghvu2rwZPd7\n" \
    "uxHOzISXN6f0YeOMqTUUtacYwOxrNQ5wK1Z7BHst9ALSM+bspH5zGU0Xx8k/1+n/\n" \
    "dQdMYxJhAsXNmE8oDFAeYuWFufIbzjxBpoDjtcs=\n"                         \
    "-----END CERTIFICATE-----\n"

#define SAMPLE_ODD_CERTIFICATE                                           \
    "-----BEGIN CERTIFICATE-----\n"                                      \
    "MIICDTCCAXagAwIBAgICEmcwDQYJKoZIhvcNAQELBQAwSzELMAkGA1UEBhMCREUx\n" \
    "MDAuBgNVBAoMJ0FjbWUsIENOPUxpdmUgSUQgU1RTIFNpZ25pbmcgUHVibGljIEtl\n" \
    "eTEKMAgGAyoDBAwBeDAgFw0xNjA0MDUxNDQzMzVaGA8yMDUxMDQwNDE0NDMzNVow\n" \
    "SzELMAkGA1UEBhMCREUxMDAuBgNVBAoMJ0FjbWUsIENOPUxpdmUgSUQgU1RTIFNp\n" \
    "Z25pbmcgUHVibGljIEtleTEKMAgGAyoDBAwBeDCBnzANBgkqhkiG9w0BAQEFAAOB\n" \
    "jQAwgYkCgYEA0EJXyN76hxcoIF1N9g4GivW7cm8Kzd6Rz/dsCsvbwrr8TjFMivNi\n" \
    "TUnhanHPPgTrmfNljP5Ar4mxUFrbvz0Zu0arJc5kxTnq5BXTe5Gii25o4ukg/pUo\n" \
    "sFK4+RNkxwEhbk07sdBzItvlBvVZya5Q1FUYAeksH3KZfgLIiwT6fx8CAwEAATAN\n" \
    "BgkqhkiG9w0BAQsFAAOBgQCSUt9Hjyx/rNa+hj1OEyzgiTFWGD8ddFM99RrSkV/G\n" \
    "z8S+oiVZ1fUlMrn+JnHY0UeXXr3K7W93R1pW+xqklShs/8T7PFOowY2iUKaqF20F\n" \
    "e4ImcjvBcK1j0X4Pm2EMt+H3YKd+sLUA2A0AMJqhRI14SxiH6QQgvay+Ge0Cm1lg\n" \
    "/w==\n"                                                             \
    "-----END CERTIFICATE-----\n"

#define SAMPLE_RSA_THUMBPRINT "zMABhHP85ab3RE7Qs3JOnonOQxJpb1Nm9ycl7Pv8wgc"
#define SAMPLE_RSA_JWK                                                                        \
    "{\"e\":\"AQAB\",\"kty\":\"RSA\",\"n\":\"0EJXyN76hxcoIF1N9g4GivW7cm8Kzd6Rz_"              \
    "dsCsvbwrr8TjFMivNiTUnhanHPPgTrmfNljP5Ar4mxUFrbvz0Zu0arJc5kxTnq5BXTe5Gii25o4ukg_pUosFK4-" \
    "RNkxwEhbk07sdBzItvlBvVZya5Q1FUYAeksH3KZfgLIiwT6fx8\"}"
#define SAMPLE_EC_THUMBPRINT "lj1_fRVc-nJJyNQzXTe4460dTNTN9LiJChcrnGRrCyk"
#define SAMPLE_EC_JWK                                                                                \
    "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"QYANT3ZxZuKZutODel0ywq6WK36LWzvuweATlNXO6U4\",\"y\":" \
    "\"mNUi5RFlTrk93rM76AlTb8BAVy0zRRAeLsbspXAvBkA\"}"
#define SAMPLE_ED25519_THUMBPRINT "sfB60RAYoMFaMP2CxlMKptv1zzcePPSRpGBtqht0cj4"
#define SAMPLE_ED25519_JWK "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"Ij_BjbIOQNc_mMkdo4lZK9xzicAvZyJF3panEaXU79I\"}"
#define SAMPLE_ED448_THUMBPRINT "YyG0pBnanqO7dWqet4BkvV1ZAPERgrs8bSFshcN8CEs"
#define SAMPLE_ED448_JWK \
    "{\"crv\":\"Ed448\",\"kty\":\"OKP\",\"x\":\"KNLPyC4znKjRMUmyRiR10XwXQB2W0_2mJtANTBfKk1b9Tq55vUnXY7PFTgT7CcvI_ksscjH10VyA\"}"
#define SAMPLE_X25519_THUMBPRINT "GKyiZcaDNyosxpruQ5tiTzqvKjJ1s2BgItE13UGaAMU"
#define SAMPLE_X25519_JWK "{\"crv\":\"X25519\",\"kty\":\"OKP\",\"x\":\"sCKL1OaTNk-LK_fR8D0_UOWfMN4F9R9Rs63o0zykoAA\"}"
#define SAMPLE_X448_THUMBPRINT "rn0_Q8U4LggGFKIDR7mOMrat205XL71BgXmRrt9zsso"
#define SAMPLE_X448_JWK \
    "{\"crv\":\"X448\",\"kty\":\"OKP\",\"x\":\"WIaJgoccO6slQXJwirTdpqL__aSdYK0gup6MyBeK0T5_-xxWZe6TGogMqzHztMAv9vfiOE_lUm0\"}"
#define SAMPLE_P384_THUMBPRINT "GO9Kt_ueTMNnHPxggSbXWS1VVmFtyY39AM94nnweyDw"
#define SAMPLE_P384_JWK                                                                                                   \
    "{\"crv\":\"P-384\",\"kty\":\"EC\",\"x\":\"nFAmOspRz29t47qnEK28haJTtH-WDUX8uLBGzpJywDYVQTHwn6rQbuaMIe5ME4nj\",\"y\":" \
    "\"ft8bVRDVwXuUhstkfM2rEWDkJalMjWpPDMxEhsOKF7OvdzP3ZNW5itOwR9i8wozo\"}"
#define SAMPLE_P521_THUMBPRINT "XhhfPOK_eR9Ko14R2f_07m-nzo2gdsGvkZWO43VOayg"
#define SAMPLE_P521_JWK                                                                                                                   \
    "{\"crv\":\"P-521\",\"kty\":\"EC\",\"x\":\"AL-"                                                                                       \
    "jM3OTvMRNYZgMmaZ1lzxROjmeFIyiPNpMGs2AnD2NPhMw9Vp568nIPXeAOVQ6fZbX0bUNPXj68wNDa2RfDgha\",\"y\":\"ATh65ZLbcx2aPc3mnpHtXawiC1vtKvZiW1-" \
    "0maHmagBxZ9STm3mO5F050vfrUriHV9jnecaoRao-cZt6h9YeSq1l\"}"
#define SAMPLE_SECP256K1_THUMBPRINT "n5VNH1cmbwIvnmEAyC1NwmIHtbDfL_9v75nVM5LdSJY"
#define SAMPLE_SECP256K1_JWK                                                                                                            \
    "{\"crv\":\"secp256k1\",\"kty\":\"EC\",\"x\":\"B2hHnXtIFvBPg6PoQDo1P3f31m4OzmcFfS_uQiZjrgg\",\"y\":\"l1RO9QAEL74jaOLuayoQwdCVYXPl_" \
    "VnOSNK9fpJamP8\"}"
#define SAMPLE_PSS_THUMBPRINT "U3pkcbWgSSm3rNk5HUTIS2K45BSnovfL_c0XzbcMjNw"
#define SAMPLE_CERTIFICATE_BASE64                                                                                                          \
    "MIIByTCCATKgAwIBAgICEmcwDQYJKoZIhvcNAQELBQAwKTEnMCUGA1UEAwweTGl2ZSBJRCBTVFMgU2lnbmluZyBQdWJsaWMgS2V5MCAXDTE2MDQwNTE0NDMzNVoYDzIwNTEw" \
    "NDA0MTQ0MzM1WjApMScwJQYDVQQDDB5MaXZlIElEIFNUUyBTaWduaW5nIFB1YmxpYyBLZXkwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBANBCV8je+"                \
    "ocXKCBdTfYOBor1u3JvCs3ekc/3bArL28K6/"                                                                                                 \
    "E4xTIrzYk1J4Wpxzz4E65nzZYz+QK+JsVBa2789GbtGqyXOZMU56uQV03uRootuaOLpIP6VKLBSuPkTZMcBIW5NO7HQcyLb5Qb1WcmuUNRVGAHpLB9ymX4CyIsE+"         \
    "n8fAgMBAAEwDQYJKoZIhvcNAQELBQADgYEAEY7ifGou9kZTM6gxBKQS7ah/"                                                                          \
    "5OtvfOFHHU4ggj4GwMRbbudx34YaFDSfsghvu2rwZPd7uxHOzISXN6f0YeOMqTUUtacYwOxrNQ5wK1Z7BHst9ALSM+bspH5zGU0Xx8k/1+n/"                         \
    "dQdMYxJhAsXNmE8oDFAeYuWFufIbzjxBpoDjtcs="
#define SAMPLE_CERTIFICATE_X5T "vDJQtmkQzGdnwHe337kGXM4hEkg"
#define SAMPLE_CERTIFICATE_SHA1 "bc3250b66910cc6767c077b7dfb9065cce211248"
#define SAMPLE_CERTIFICATE_SHA256 "c7999a0595fdbb7bb344cb1eac36418f4f0c9ceb3d322e5e55878538bb96c9bb"
#define SAMPLE_CERTIFICATE_LEN 461
#define SAMPLE_ODD_CERTIFICATE_BASE64                                                                                                      \
    "MIICDTCCAXagAwIBAgICEmcwDQYJKoZIhvcNAQELBQAwSzELMAkGA1UEBhMCREUxMDAuBgNVBAoMJ0FjbWUsIENOPUxpdmUgSUQgU1RTIFNpZ25pbmcgUHVibGljIEtleTEK" \
    "MAgGAyoDBAwBeDAgFw0xNjA0MDUxNDQzMzVaGA8yMDUxMDQwNDE0NDMzNVowSzELMAkGA1UEBhMCREUxMDAuBgNVBAoMJ0FjbWUsIENOPUxpdmUgSUQgU1RTIFNpZ25pbmcg" \
    "UHVibGljIEtleTEKMAgGAyoDBAwBeDCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA0EJXyN76hxcoIF1N9g4GivW7cm8Kzd6Rz/"                               \
    "dsCsvbwrr8TjFMivNiTUnhanHPPgTrmfNljP5Ar4mxUFrbvz0Zu0arJc5kxTnq5BXTe5Gii25o4ukg/"                                                      \
    "pUosFK4+RNkxwEhbk07sdBzItvlBvVZya5Q1FUYAeksH3KZfgLIiwT6fx8CAwEAATANBgkqhkiG9w0BAQsFAAOBgQCSUt9Hjyx/rNa+hj1OEyzgiTFWGD8ddFM99RrSkV/"   \
    "Gz8S+oiVZ1fUlMrn+JnHY0UeXXr3K7W93R1pW+xqklShs/8T7PFOowY2iUKaqF20Fe4ImcjvBcK1j0X4Pm2EMt+H3YKd+sLUA2A0AMJqhRI14SxiH6QQgvay+Ge0Cm1lg/"   \
    "w=="
#define SAMPLE_ODD_CERTIFICATE_X5T "_D1pZ6VMB1aBZcGeE27yprHnJt4"
#define SAMPLE_ODD_CERTIFICATE_SHA1 "fc3d6967a54c07568165c19e136ef2a6b1e726de"
#define SAMPLE_ODD_CERTIFICATE_SHA256 "39f0c37a8879b5d48d9335b220cf97709bb97b0b7cd53841c908569d9f0e7fb1"
#define SAMPLE_ODD_CERTIFICATE_LEN 529

#endif
