// Memory runs out at the n-th allocation of what reads foreign bytes, for every n: std::bad_alloc comes out, or an
// answer; nothing breaks, and the same object does its work right afterwards. Counted are allocations beside that.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <sstream>

#include "traitsync/config/load.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/moesif/page.hpp"
#include "traitsync/profile/canonical_text.hpp"
#include "traitsync/profile/mapper.hpp"

namespace {

thread_local long until_failure = -1;  // -1: memory is enough
thread_local long allocations = 0;

void* take(std::size_t size) {
    ++allocations;
    if (until_failure >= 0 && until_failure-- == 0) return nullptr;
    return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

// The whole program's: only what a test counts down fails.
void* operator new(std::size_t size) {
    if (auto* const p = take(size)) return p;
    throw std::bad_alloc{};
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return take(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return take(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { std::free(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { std::free(p); }

namespace {

using namespace traitsync;

std::string sample(char const* name) {
    std::ifstream file{std::filesystem::path{TS_SOURCE_DIR} / "tests/samples/moesif" / name, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    BOOST_REQUIRE(!text.str().empty());
    return text.str();
}

// `work` gives a text that says what it found. How often memory ran out is returned.
template <class Work>
long at_every_allocation(Work&& work) {
    auto const expected = work();
    long failures = 0;
    for (long n = 0;; ++n) {
        bool failed = false;
        std::string found;
        until_failure = n;
        try {
            found = work();
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        auto const reached = until_failure < 0;
        until_failure = -1;
        failures += failed;
        BOOST_REQUIRE_MESSAGE(failed || found == expected || reached, "without a failure it finds the same");
        BOOST_REQUIRE_MESSAGE(work() == expected, "and it does its work again after allocation " << n);
        if (!reached) return failures;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(out_of_memory)

BOOST_AUTO_TEST_CASE(a_page_is_taken_apart_or_memory_ran_out) {
    auto const body = sample("30-search-users-first-page.json");
    BOOST_TEST(at_every_allocation([&] {
                   auto const page = moesif::split_page(body);
                   return page ? std::to_string(page->hits.size()) + page->hits.back().id : page.error().what;
               }) > 0);
}

BOOST_AUTO_TEST_CASE(a_document_is_parsed_or_memory_ran_out) {
    for (auto const* name : {"01-user-full.json", "20-bad-lone-surrogate.json", "09-user-large-metadata.json"}) {
        auto const text = sample(name);
        BOOST_TEST(at_every_allocation([&] {
                       json::document d;
                       d.parse(text);
                       return profile::canonical_text(d.root());
                   }) > 3);
    }
}

BOOST_AUTO_TEST_CASE(a_user_is_mapped_or_memory_ran_out_and_the_mapper_stays_usable) {
    config::trait_settings settings;
    settings.policies = {{"email", config::policy::hash}, {"metadata.ssn", config::policy::never}};
    profile::rules const rules{settings};
    profile::mapper mapper{rules};
    profile::mapped_user user;
    for (auto const* name : {"01-user-full.json", "07-user-embedded-company.json", "18-bad-wrong-types.json"}) {
        auto const text = sample(name);
        at_every_allocation([&] {
            std::string all{mapper.map_user("key", text, user).reason};
            all += user.id + user.context + user.rest;
            for (auto const& t : user.traits) all += t.text;
            return all + mapper.quarantine_text(text, true);
        });
    }
    profile::mapped_company company;
    auto const text = sample("05-company-full.json");
    at_every_allocation([&] {
        mapper.map_company("key", text, company);
        return company.text + company.stored;
    });
}

BOOST_AUTO_TEST_CASE(names_with_nul_cost_their_number_and_not_its_square) {
    constexpr long names = 4'000;
    std::string text{R"({"user_id":"u","metadata":{)"};
    // Too long for a string to hold without memory of its own.
    for (long i = 0; i < names; ++i) text += R"("\u0000a name of some length )" + std::to_string(i) + "\":1,";
    text += R"("end":1}})";
    profile::rules const rules{config::trait_settings{}};
    profile::mapper mapper{rules};
    profile::mapped_user user;
    auto const before = allocations;
    mapper.map_user("key", text, user);
    BOOST_TEST(allocations - before < 20 * names);
    BOOST_TEST(user.traits[index_of(profile::trait::metadata)].text.size() > 20U * names);
}

// Of the environment: in files toml++ ends the program, which has not begun to do anything then.
BOOST_AUTO_TEST_CASE(a_configuration_is_read_or_memory_ran_out) {
    config::sources from;
    from.environment = {{"TRAITSYNC_MOESIF_TOKEN", "a.moesif.token"},
                        {"TRAITSYNC_MOESIF_INTERVAL", "60s"},
                        {"TRAITSYNC_SEGMENT_REGOIN", "eu"},
                        {"TRAITSYNC_TRAITS_POLICY", "email=always,metadata.ssn=never,company=what"}};
    BOOST_TEST(at_every_allocation([&] {
                   auto const loaded = config::load(from);
                   std::string all;
                   if (loaded) return all;
                   for (auto const& p : loaded.error().problems) all += config::to_string(p) + "\n";
                   return all;
               }) > 50);
}

BOOST_AUTO_TEST_SUITE_END()
