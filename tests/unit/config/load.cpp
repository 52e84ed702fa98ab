#include "traitsync/config/load.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include "support.hpp"
#include "traitsync/config/keys.hpp"

using namespace traitsync::config;
using namespace traitsync::config::test;
using std::chrono::milliseconds;

namespace {

struct wrong_text {
    char const* text;
    std::vector<std::string> problems;
};

void check_all(std::vector<wrong_text> const& rows) {
    for (auto const& row : rows) {
        auto const problems = problems_of(load_text(row.text));
        BOOST_TEST_CONTEXT(row.text) { BOOST_TEST(problems == row.problems, boost::test_tools::per_element()); }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(load_file)

BOOST_AUTO_TEST_CASE(the_environment_alone_is_a_whole_configuration) {
    sources from;
    from.environment = credentials();
    auto const r = load(from);
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->values.moesif.token.reveal() == "a.moesif.token");
    BOOST_TEST(r->values.segment.write_key.reveal() == good_key);
    BOOST_TEST(r->values.segment.url == "https://api.segment.io");
    BOOST_TEST(r->origins.at("moesif.token") == "environment");
    BOOST_TEST(r->origins.at("segment.url") == "default");
    BOOST_TEST(r->warnings.empty());
    BOOST_TEST(r->values.traits.policies.size() == 7U);
    for (auto const& path : riding_by_default()) {
        BOOST_TEST((r->values.traits.policies.at(path) == policy::ride));
        BOOST_TEST(r->origins.at("traits.policy." + path) == "default");
    }
}

BOOST_AUTO_TEST_CASE(a_batch_holds_no_more_than_a_second_s_messages_unless_it_was_asked_for) {
    auto const size_of = [](std::string const& lines) {
        auto const r = load_text("[segment]\n" + lines);
        BOOST_REQUIRE(r.has_value());
        return r->values.segment.batch_size;
    };
    BOOST_TEST(size_of("") == 500);
    BOOST_TEST(size_of("rate_limit = 20\n") == 20);
    BOOST_TEST(size_of("rate_limit = 0\n") == 500);
    BOOST_TEST(size_of("rate_limit = 1000\n") == 500);
    BOOST_TEST(size_of("rate_limit = 20\nbatch_size = 100\n") == 100);
}

BOOST_AUTO_TEST_CASE(every_type_is_read_from_the_file_with_its_line_as_origin) {
    auto const r = load_text(R"([moesif]
interval = "5m"
page_size = 250
overlap = 0

[segment]
region = "eu"
gzip = true
give_up_after = "7d"

[store]
max_history = "512MiB"
min_free = 1000

[traits]
on_remove = "ignore"
on_delete = "null"
first_sync = "adopt"

[log]
format = "json"
)");
    BOOST_REQUIRE(r.has_value());
    auto const& s = r->values;
    BOOST_TEST((s.moesif.interval == std::chrono::minutes{5}));
    BOOST_TEST(s.moesif.page_size == 250);
    BOOST_TEST((s.moesif.overlap == milliseconds{0}));
    BOOST_TEST(s.segment.region == "eu");
    BOOST_TEST(s.segment.url == "https://events.eu1.segmentapis.com");
    BOOST_TEST(s.segment.gzip);
    BOOST_TEST((s.segment.give_up_after == std::chrono::hours{24 * 7}));
    BOOST_TEST(s.store.max_history == std::int64_t{512} << 20);
    BOOST_TEST(s.store.min_free == 1000);
    BOOST_TEST((s.traits.on_remove == on_remove::ignore));
    BOOST_TEST((s.traits.on_delete == on_delete::null));
    BOOST_TEST((s.traits.first_sync == first_sync::adopt));
    BOOST_TEST(s.log.format == "json");
    BOOST_TEST(r->origins.at("moesif.interval").ends_with("t.toml:2"));
    BOOST_TEST(r->origins.at("log.format").ends_with("t.toml:21"));
    BOOST_TEST(r->origins.at("log.level") == "default");
}

BOOST_AUTO_TEST_CASE(a_flag_beats_the_environment_beats_the_file_beats_the_default) {
    auto const text = "[store]\npath = \"/file\"\n[log]\nlevel = \"debug\"\n[moesif]\npage_size = 7\n";
    auto const r = load_text(text, {{"TRAITSYNC_STORE_PATH", "/environment"}, {"TRAITSYNC_LOG_LEVEL", "warn"}},
                             {{"store.path", "/flag"}});
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->values.store.path == "/flag");
    BOOST_TEST(r->origins.at("store.path") == "flag");
    BOOST_TEST(r->values.log.level == "warn");
    BOOST_TEST(r->origins.at("log.level") == "environment");
    BOOST_TEST(r->values.moesif.page_size == 7);
}

BOOST_AUTO_TEST_CASE(every_key_can_be_set_in_the_environment) {
    for (auto const& k : all_keys()) {
        if (k.is_secret()) continue;
        auto const text = k.full_name() == "segment.url" ? "https://example.org" : k.default_text();
        if (text.empty()) continue;
        auto const r = load_text("", {{k.environment(), text}});
        BOOST_TEST_CONTEXT(k.environment() << "=" << text) {
            BOOST_REQUIRE(r.has_value());
            BOOST_TEST(r->origins.at(k.full_name()) == "environment");
            BOOST_TEST(k.value_text(r->values) == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_empty_environment_variable_counts_as_not_set) {
    auto const r = load_text("", {{"TRAITSYNC_MOESIF_INTERVAL", ""}, {"TRAITSYNC_ADMIN_TOKEN_FILE", ""}});
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->origins.at("moesif.interval") == "default");
}

BOOST_AUTO_TEST_CASE(what_could_not_be_shown_as_json_is_refused) {
    auto const r = load_text("", {{"TRAITSYNC_STORE_PATH", "/srv/d\xe9p/t.db"}});
    BOOST_REQUIRE(!r.has_value());
    BOOST_TEST(lines_of(r.error().problems).front() ==
               "TRAITSYNC_STORE_PATH: store.path is not UTF-8, in which it would be shown");
}

BOOST_AUTO_TEST_CASE(an_unknown_variable_is_a_warning_with_the_nearest_name) {
    auto const r = load_text("", {{"TRAITSYNC_MOESIF_TOKN", "x"}, {"TRAITSYNC_COLOUR", "red"}, {"HOME", "/"}});
    BOOST_REQUIRE(r.has_value());
    auto const expected = std::vector<std::string>{
        "TRAITSYNC_COLOUR: no such setting; the variable is ignored",
        "TRAITSYNC_MOESIF_TOKN: no such setting; the variable is ignored; did you mean TRAITSYNC_MOESIF_TOKEN?"};
    BOOST_TEST(lines_of(r->warnings) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_key_names_its_place_and_the_nearest_one) {
    check_all({
        {"[moesif]\n  intervall = \"60s\"\n",
         {"t.toml:2:3: unknown key moesif.intervall; did you mean moesif.interval?"}},
        {"[moesif]\ntoken_fil = \"x\"\n",
         {"t.toml:2:1: unknown key moesif.token_fil; did you mean moesif.token_file?"}},
        {"[moesif]\nwrite_key = \"x\"\n",
         {"t.toml:2:1: unknown key moesif.write_key; did you mean segment.write_key?"}},
        {"[segment]\nBatchSize = 3\n", {"t.toml:2:1: unknown key segment.BatchSize; did you mean segment.batch_size?"}},
        {"[store]\nquux_frobnicate = 3\n", {"t.toml:2:1: unknown key store.quux_frobnicate"}},
        {"[segmnt]\nregion = \"eu\"\n", {"t.toml:1:2: unknown section [segmnt]; did you mean segment?"}},
        {"token = \"x\"\n", {"t.toml:1:1: unknown key token; did you mean moesif.token? Write it below [moesif]."}},
        {"frob = 1\n", {"t.toml:1:1: unknown key frob: keys stand below a section such as [moesif]"}},
        {"moesif = 3\n", {"t.toml:1:1: moesif is a section, not a whole number: write [moesif] and its keys below it"}},
        {"moesif.url.x = 3\n", {"t.toml:1:8: moesif.url must be a text in double quotes, not a table"}},
    });
}

BOOST_AUTO_TEST_CASE(a_wrong_type_or_value_is_told_with_its_place) {
    check_all({
        {"[moesif]\ninterval = 60\n",
         {"t.toml:2:12: moesif.interval must be a duration such as \"60s\", \"1h30m\" or \"500ms\", not 60"}},
        {"[moesif]\ninterval = \"60\"\n",
         {"t.toml:2:12: moesif.interval must be a duration such as \"60s\", \"1h30m\" or \"500ms\", not \"60\""}},
        {"[moesif]\ninterval = \"1ms\"\n", {"t.toml:2:12: moesif.interval must be from 100ms to 30d, not 1ms"}},
        {"[moesif]\npage_size = \"500\"\n", {"t.toml:2:13: moesif.page_size must be a whole number, not \"500\""}},
        {"[moesif]\npage_size = 1.5\n",
         {"t.toml:2:13: moesif.page_size must be a whole number, not a number with a point"}},
        {"[moesif]\npage_size = 1_001\n", {"t.toml:2:13: moesif.page_size must be from 1 to 1000, not 1001"}},
        {"[moesif]\npage_size = 0\n", {"t.toml:2:13: moesif.page_size must be from 1 to 1000, not 0"}},
        {"[segment]\nbatch_size = 2501\n", {"t.toml:2:14: segment.batch_size must be from 1 to 2500, not 2501"}},
        {"[segment]\nconcurrency = 33\n", {"t.toml:2:15: segment.concurrency must be from 1 to 32, not 33"}},
        {"[segment]\nrate_limit = -1\n", {"t.toml:2:14: segment.rate_limit must be from 0 to 1000000, not -1"}},
        {"[segment]\ngive_up_after = \"1ms\"\n",
         {"t.toml:2:17: segment.give_up_after must be 0 or from 1s to 3650d, not 1ms"}},
        {"[segment]\ngzip = \"yes\"\n", {"t.toml:2:8: segment.gzip must be true or false, not \"yes\""}},
        {"[segment]\nregion = \"EU\"\n",
         {"t.toml:2:10: segment.region must be us or eu, not \"EU\"; did you mean eu?"}},
        {"[store]\nmax_history = \"1 GiB\"\n",
         {"t.toml:2:15: store.max_history must be a size such as \"1GiB\", \"256MiB\" or a number of bytes, not \"1 "
          "GiB\""}},
        {"[store]\nmin_free = -1\n", {"t.toml:2:12: store.min_free must be from 0 to 1024TiB, not -1"}},
        {"[store]\npath = 2026-01-01\n",
         {"t.toml:2:8: store.path must be a text in double quotes, not a date or time"}},
        {"[store]\npath = [\"a\"]\n", {"t.toml:2:8: store.path must be a text in double quotes, not an array"}},
        {"[traits]\non_remove = \"nul\"\n",
         {"t.toml:2:13: traits.on_remove must be null or ignore, not \"nul\"; did you mean null?"}},
        {"[traits]\nbrake_percent = 101\n", {"t.toml:2:17: traits.brake_percent must be from 0 to 100, not 101"}},
        {"[log]\nlevel = \"verbose\"\n", {"t.toml:2:9: log.level must be debug, info, warn or error, not \"verbose\""}},
        {"[traits]\npolicy = \"never\"\n", {"t.toml:2:10: traits.policy must be a table of path = policy, not a text"}},
    });
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once_in_the_order_of_the_file) {
    auto const problems = problems_of(load_text(R"([log]
level = "loud"
[segment]
concurrency = 99
[moesif]
page_size = "many"
frequency = 1
)",
                                                {{"TRAITSYNC_STORE_HISTORY_DAYS", "thirty"}}));
    auto const expected = std::vector<std::string>{
        "t.toml:2:9: log.level must be debug, info, warn or error, not \"loud\"",
        "t.toml:4:15: segment.concurrency must be from 1 to 32, not 99",
        "t.toml:6:13: moesif.page_size must be a whole number, not \"many\"",
        "t.toml:7:1: unknown key moesif.frequency",
        "TRAITSYNC_STORE_HISTORY_DAYS: store.history_days must be a whole number, not \"thirty\"",
    };
    BOOST_TEST(problems == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(broken_toml_is_told_with_its_place_and_without_quoting_a_secret) {
    check_all({
        {"[moesif]\ntoken = eyJhbGciOi.SECRET\n",
         {"t.toml:2:9: not valid TOML: value: could not determine value type (a text stands in double quotes)"}},
        {"[moesif\n", {"t.toml:1:8: not valid TOML: table header: expected ']', saw '\\n'"}},
        {"[~moesif]\n",
         {"t.toml:1:2: not valid TOML: key: expected bare key starting character or string delimiter, saw '~'"}},
        {"[moesif]\nintervall\xc3\xa4 = 1\n",
         {"t.toml:2:10: not valid TOML: key-value pair: expected '=', saw '\xc3\xa4'"}},
        {"[log]\nlevel = \"info\"\nlevel = \"warn\"\n",
         {"t.toml:3:9: not valid TOML: key-value pair: cannot redefine existing string 'level'"}},
        {"[moesif]\ntoken = 99999999999999999999\n",
         {"t.toml:2:29: not valid TOML: decimal integer: '…' is not representable in 64 bits"}},
        {"[log]\nlevel = \"\xff\"\n", {"t.toml:2:9: not valid TOML: Encountered invalid utf-8 sequence"}},
    });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_configuration_is_told_in_words) {
    folder const f;
    auto const load_path = [&](std::string path) {
        sources from;
        from.file = std::move(path);
        return problems_of(load(from));
    };
    BOOST_TEST(
        load_path(f.path("none.toml")) == std::vector<std::string>{"none.toml: the configuration file does not exist"},
        boost::test_tools::per_element());
    BOOST_TEST(load_path(f.path(".")).at(0).ends_with("the configuration file is a folder, not a file"));
    auto const big = f.write("big.toml", std::string(std::size_t{2} << 20, '#'));
    BOOST_TEST(load_path(big) == std::vector<std::string>{"big.toml: the configuration file is larger than 1MiB"},
               boost::test_tools::per_element());
    BOOST_TEST(load_path("/dev/zero").at(0) == "zero: the configuration file is larger than 1MiB");
    BOOST_TEST(load_path("").at(0) == "the name of the configuration file is empty");
    auto const deep = f.write("deep.toml", "a = " + std::string(500'000, '['));
    BOOST_TEST(load_path(deep).at(0).find("not valid TOML") != std::string::npos);
    for (auto const& [front, behind] : {std::pair{"", " = 1"}, {"[", "]"}, {"[traits]\npolicy = {", " = 1}"}}) {
        std::string long_key;
        for (int i = 0; i < 250'000; ++i) long_key += "a.";
        auto const dotted = f.write("dotted.toml", front + long_key + "b" + behind + "\n");
        BOOST_TEST(load_path(dotted).at(0).ends_with("a key of more than 100 parts"));
    }
    std::string dots(300, '.');
    auto const quoted = f.write("quoted.toml", "# " + dots + "\n[moesif]\ntoken = \"a\\\"" + dots + "\" # " + dots +
                                                   "\n[segment]\nwrite_key = '" + dots + "'\n");
    BOOST_TEST(load_path(quoted) == std::vector<std::string>{}, boost::test_tools::per_element());
    auto const wide = f.write("wide.toml", "[log]\n" + std::string(500'000, 'x') + " = 1\n");
    BOOST_TEST(load_path(wide).size() == 3U);
}

BOOST_AUTO_TEST_CASE(addresses_leave_this_machine_encrypted_or_by_decision) {
    check_all({
        {"[moesif]\nurl = \"http://moesif.example/api\"\n",
         {"t.toml:2:7: moesif.url is plain http to another machine, readable on the way: use https, or set "
          "moesif.allow_insecure = true"}},
        {"[moesif]\nurl = \"http://moesif.example/api\"\nallow_insecure = true\n", {}},
        {"[moesif]\nurl = \"http://localhost:9500/api/v1\"\n", {}},
        {"[moesif]\nurl = \"http://127.8.9.1:9500\"\n", {}},
        {"[moesif]\nurl = \"http://[::1]:9500\"\n", {}},
        {"[segment]\nurl = \"http://127.0.0.1.example.com\"\n",
         {"t.toml:2:7: segment.url is plain http to another machine, readable on the way: use https, or set "
          "segment.allow_insecure = true"}},
        {"[moesif]\nurl = \"moesif.com\"\n", {"t.toml:2:7: moesif.url must begin with https:// or http://"}},
        {"[moesif]\nurl = \"\"\n", {"t.toml:2:7: moesif.url must begin with https:// or http://"}},
        {"[moesif]\nurl = \"https://\"\n", {"t.toml:2:7: moesif.url has no valid host name"}},
        {"[moesif]\nurl = \"https://a:b@moesif.com\"\n", {"t.toml:2:7: moesif.url must not hold a user or password"}},
        {"[moesif]\nurl = \"https://moesif.com?x=1\"\n",
         {"t.toml:2:7: moesif.url must end with its path: no ? and no #"}},
        {"[moesif]\nurl = \"https://moesif.com:0\"\n", {"t.toml:2:7: moesif.url has no valid port"}},
        {"[moesif]\nurl = \"https://moe sif.com\"\n", {"t.toml:2:7: moesif.url has no valid host name"}},
        {"[moesif]\nurl = \"https://moesif.com/a b\"\n",
         {"t.toml:2:7: moesif.url holds a character that must be percent-encoded"}},
        {"[moesif]\nurl = \"https://moesif.com/%zz\"\n",
         {"t.toml:2:7: moesif.url holds a character that must be percent-encoded"}},
        {"[moesif]\nurl = \"http://[0:0::1]:9500/\"\n", {}},
        {"[moesif]\nusers_path = \"search\"\n",
         {"t.toml:2:14: moesif.users_path must be a path: it begins with / and holds no blank, ? or #"}},
        {"[admin]\nlisten = \"0.0.0.0:8737\"\n",
         {"t.toml:2:10: admin.listen is reachable from other machines: set admin.tls_cert and admin.tls_key, or "
          "admin.allow_insecure = true behind a proxy that encrypts"}},
        {"[admin]\nlisten = \"0.0.0.0:8737\"\nallow_insecure = true\n", {}},
        {"[admin]\nlisten = \"[::]:8737\"\ntls_cert = \"/dev/null\"\ntls_key = \"/dev/null\"\n", {}},
        {"[admin]\nlisten = \"[::1]:0\"\n", {}},
        {"[admin]\nlisten = \"unix:/run/traitsync.sock\"\n", {}},
        {"[admin]\nlisten = \"unix:traitsync.sock\"\n",
         {"t.toml:2:10: admin.listen must give a unix socket as unix:/path/of/socket"}},
        {"[admin]\nlisten = \":8737\"\n",
         {"t.toml:2:10: admin.listen must be host:port, [IPv6]:port or unix:/path; 0.0.0.0:8737 listens on all "
          "addresses"}},
        {"[admin]\nlisten = \"::1:8737\"\n",
         {"t.toml:2:10: admin.listen must be host:port, [IPv6]:port or unix:/path; an IPv6 address stands "
          "in brackets"}},
        {"[admin]\nlisten = \"localhost:65536\"\n",
         {"t.toml:2:10: admin.listen must be host:port, [IPv6]:port or unix:/path"}},
        {"[admin]\ntls_cert = \"/dev/null\"\n", {"t.toml:2:12: admin.tls_cert needs admin.tls_key too"}},
        {"[admin]\ntls_cert = \"/dev/null\"\ntls_key = \"/no/key\"\n",
         {"t.toml:3:11: admin.tls_key: the file /no/key does not exist"}},
        {"[admin]\npublic_url = \"traitsync.example\"\n",
         {"t.toml:2:14: admin.public_url must begin with https:// or http://"}},
        {"[store]\npath = \"\"\n", {"t.toml:2:8: store.path must name a file"}},
        {"[store]\npath = \"/srv/\"\n", {"t.toml:2:8: store.path must name a file, not a folder"}},
        {"[store]\npath = \":memory:\"\n",
         {"t.toml:2:8: store.path must name a file: in memory nothing would be kept"}},
        {"[store]\npath = \"file:s.db?mode=memory\"\n",
         {"t.toml:2:8: store.path must be a path without file: before it"}},
        {"[store]\npath = \"./:memory:\"\n", {}},
        {"[store]\npath = \"/srv/file:s.db\"\n", {}},
    });
    auto const long_socket = "[admin]\nlisten = \"unix:/" + std::string(107, 'x') + "\"\n";
    BOOST_TEST(problems_of(load_text(long_socket)).at(0) ==
               "t.toml:2:10: admin.listen: a unix socket's path has at most 107 bytes");
}

BOOST_AUTO_TEST_CASE(the_segment_address_follows_the_region_and_loses_its_v1) {
    for (auto const& [text, url] : {
             std::pair{"region = \"us\"", "https://api.segment.io"},
             {"region = \"eu\"", "https://events.eu1.segmentapis.com"},
             {"url = \"https://api.segment.io/v1\"", "https://api.segment.io"},
             {"url = \"https://api.segment.io/v1/\"", "https://api.segment.io"},
             {"url = \"https://proxy.example/segment/v1\"", "https://proxy.example/segment"},
             {"region = \"eu\"\nurl = \"\"", "https://events.eu1.segmentapis.com"},
         }) {
        auto const r = load_text("[segment]\n" + std::string{text});
        BOOST_REQUIRE(r.has_value());
        BOOST_TEST(r->values.segment.url == url);
    }
    auto const r = load_text("[segment]\nregion = \"eu\"\nurl = \"https://api.segment.io\"\n");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(lines_of(r->warnings).at(0) ==
               "t.toml:3:7: segment.url belongs to the other region than segment.region = \"eu\"; the url counts");
}

BOOST_AUTO_TEST_CASE(shown_values_carry_origins_and_no_secret) {
    auto const r = load_text("[traits.policy]\nemail = \"hash\"\n");
    BOOST_REQUIRE(r.has_value());
    std::map<std::string, shown_value> shown;
    for (auto const& v : show(*r)) {
        shown.emplace(v.name, v);
        BOOST_TEST(v.value.find("moesif.token") == std::string::npos);
        BOOST_TEST(v.value != good_key);
    }
    BOOST_TEST(shown.at("moesif.token").value == "***");
    BOOST_TEST(shown.at("moesif.token").secret);
    BOOST_TEST(shown.at("admin.token").value == "");
    BOOST_TEST(shown.at("moesif.interval").value == "60s");
    BOOST_TEST(shown.at("segment.give_up_after").value == "0");
    BOOST_TEST(shown.at("traits.policy.email").value == "hash");
    BOOST_TEST(shown.at("traits.policy.email").origin.ends_with("t.toml:2"));
}

BOOST_AUTO_TEST_SUITE_END()
