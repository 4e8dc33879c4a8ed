// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>

#include <jwt-cpp/jwt.h>

#include "peer.h"

namespace
{

struct fixed_clock {
    jwt::date now() const { return jwt::date(std::chrono::seconds(PEER_NOW)); }
};
using verifier = jwt::verifier<fixed_clock, jwt::traits::kazuho_picojson>;

const peer_data *given;
std::unique_ptr<verifier> own;
std::unordered_map<std::string, verifier> by_kid;

verifier
verifier_of(const std::string &alg, const std::string &pem)
{
    auto made = jwt::verify<fixed_clock, jwt::traits::kazuho_picojson>(fixed_clock{});

    if (alg == "RS256")
        made.allow_algorithm(jwt::algorithm::rs256(pem));
    else if (alg == "PS256")
        made.allow_algorithm(jwt::algorithm::ps256(pem));
    else if (alg == "ES256")
        made.allow_algorithm(jwt::algorithm::es256(pem));
    else
        made.allow_algorithm(jwt::algorithm::ed25519(pem));
    return made;
}

bool
verify_signature(size_t number)
{
    std::error_code err;

    own->verify(jwt::decode(std::string(given->tokens[number], given->token_lens[number])), err);
    return !err;
}

bool
begins(const std::string &text, const char *start)
{
    return text.compare(0, std::strlen(start), start) == 0;
}

bool
verify_full(size_t number)
{
    auto token = jwt::decode(std::string(given->tokens[number], given->token_lens[number]));
    auto found = by_kid.find(token.get_key_id());
    std::error_code err;

    if (found == by_kid.end())
        return false;
    found->second.verify(token, err);
    return !err && begins(token.get_issuer(), PEER_ISSUER) && begins(*token.get_audience().begin(), PEER_AUDIENCE);
}

} // namespace

const char *
peer_open(const peer_data *data)
{
    given = data;
    own = std::make_unique<verifier>(verifier_of(data->alg, data->pem));
    for (auto &jwk : jwt::parse_jwks(data->jwks)) {
        std::string pem = data->pem, alg = data->alg;

        if (jwk.get_key_type() == "RSA") {
            pem = jwt::helper::create_public_key_from_rsa_components(jwk.get_jwk_claim("n").as_string(), jwk.get_jwk_claim("e").as_string());
            alg = alg == "PS256" ? alg : "RS256";
        }
        by_kid.emplace(jwk.get_key_id(), verifier_of(alg, pem));
    }
    return nullptr;
}

extern "C" {
bool (*const peer_signature)(size_t number) = verify_signature;
bool (*const peer_full)(size_t number) = verify_full;
}
