#pragma once
// A service whose operator says something else about traits from start to start.

#include "operator.hpp"
#include "traitsync/core/sha256.hpp"

namespace traitsync::test {

inline constexpr auto not_kept = "(not kept)";

struct changing : operated {
    std::size_t bodies_seen = 0;

    std::string hex(std::string_view text) const {
        std::string out;
        for (unsigned char const c : text) out += fmt::format("{:02X}", c);
        return out;
    }
    void company(std::string const& members) {
        moesif.put_company("acme", fmt::format(R"({{"company_id":"acme"{}}})", members), ++clock);
    }
    std::int64_t rediffs() const {
        std::int64_t n = 0;
        auto const runs = get("/v1/runs");
        for (auto const& r : runs.at("items").as_array()) {
            if (text_at(r, "kind") == "rediff" && !r.at("ended").is_null()) ++n;
        }
        return n;
    }
    void quiet() const {
        eventually("empty queue", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    }
    // Other words of the operator, and the pass over the store that they start.
    void change(std::map<std::string, std::string> const& settings) {
        auto const before = rediffs();
        stop();
        for (auto const& [key, value] : settings) environment[key] = value;
        start();
        eventually("compared again", [&] { return rediffs() > before; });
    }
    void replay_all() {
        auto const path = "/v1/replays/" + text_at(post("/v1/replays", R"({"all":true})", 202), "id");
        eventually("sent again", [&] { return text_at(get(path), "state") == "done"; });
    }
    void pause_delivery() { post("/v1/pause", R"({"scope":"deliver"})", 200); }
    void resume() {
        post("/v1/resume", R"({"scope":"all"})", 200);
        quiet();
    }
    // Everything that was sent of one user since the last call.
    std::string sent_since(int i) {
        std::string all;
        auto const messages = segment.messages_of(user_key(i));
        for (; bodies_seen < messages.size(); ++bodies_seen) all += messages[bodies_seen].body;
        return all;
    }
    bool stored(std::string_view text) const {
        for (auto const* table : {"sources", "ledgers"}) {
            if (number(fmt::format("SELECT count(*) FROM {} WHERE instr(hex(data), '{}') > 0", table, hex(text))) > 0)
                return true;
        }
        return false;
    }
};

inline constexpr auto policy = "TRAITSYNC_TRAITS_POLICY";
inline constexpr auto on_remove = "TRAITSYNC_TRAITS_ON_REMOVE";
inline constexpr auto nested_nulls = "TRAITSYNC_TRAITS_NESTED_NULLS";

}  // namespace traitsync::test
