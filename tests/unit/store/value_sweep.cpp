// Replaced company objects: gone when nobody refers to them, there while anybody does.
#include "traitsync/store/value_sweep.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "support/temp_dir.hpp"
#include "traitsync/store/codec.hpp"

namespace {

using namespace traitsync;
using diff::known;
using profile::trait;

constexpr int enough = 1'001;

struct a_store_of_values {
    test::temp_dir folder;
    store::session s{store::database::open((folder / "store.db").string()).value()};
    store::value_sweep sweep;

    std::int64_t company(std::string const& id) {
        store::company_row row{.company_id = id, .doc_id = id};
        return s.companies.add(row);
    }
    // The company's next object; the number of its row.
    std::int64_t change(std::int64_t company_no) {
        ++hash_;
        auto const value = s.companies.add_value(company_no, hash_, hash_, fmt::format("{{\"n\":{}}}", hash_), 1);
        auto row = *s.companies.by_number(company_no);
        row.value_no = value;
        s.companies.update(row);
        return value;
    }
    static known named(std::int64_t value) {
        known k;
        k.state = known::form::value;
        k.full = k.trigger = static_cast<std::uint64_t>(value);
        k.text = store::reference_of(value);
        return k;
    }
    // A user who wants one object, and whose ledger names others.
    std::int64_t user(std::int64_t wanted, std::int64_t baseline = 0, std::int64_t acknowledged = 0,
                      std::int64_t in_flight = 0) {
        store::user_row row{.user_id = fmt::format("u{}", ++users_), .seen_at = 1};
        row.no = s.profiles.add(row);
        diff::account a;
        store::accounts::start(a, row.no, row.user_id);
        auto& slot = a[trait::company];
        slot.wanted = named(wanted);
        if (baseline != 0) slot.baseline = named(baseline);
        if (acknowledged != 0) slot.acknowledged = named(acknowledged);
        if (in_flight != 0) slot.in_flight = named(in_flight);
        put_wanted(row.no, wanted);
        a.changed = true;
        s.accounts.save(a);
        return row.no;
    }
    void put_wanted(std::int64_t user_no, std::int64_t value) {
        auto const text = store::reference_of(value);
        store::source_view view;
        view.texts[profile::index_of(trait::company)] = text;
        std::string bytes;
        store::encode_source(bytes, view);
        s.profiles.put_source({.no = user_no, .seen_at = 1}, 1, bytes, true);
    }
    bool is_there(std::int64_t value) { return s.companies.value(value).has_value(); }
    void go_on(int users = 2, int rows = 100) {
        store::session::transaction tx{s};
        sweep.step(s, users, rows);
        tx.commit();
    }
    void to_the_end() {
        while (sweep.is_running()) go_on();
    }
    int count() { return s.file().connection().execAndGet("SELECT count(*) FROM company_values").getInt(); }

private:
    std::uint64_t hash_ = 0;
    int users_ = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(replaced_company_objects, a_store_of_values)

BOOST_AUTO_TEST_CASE(those_that_no_user_refers_to_go_and_all_others_stay) {
    auto const acme = company("acme"), beta = company("beta");
    std::vector<std::int64_t> values;
    for (int i = 0; i < enough; ++i) values.push_back(change(acme));
    auto const newest = values.back(), only = change(beta);
    user(newest, values[10], values[20], values[30]);
    user(values[40]);
    user(only);
    user(newest);
    sweep.begin_if_due(s);
    BOOST_TEST_REQUIRE(sweep.is_running());
    to_the_end();
    for (int const i : {10, 20, 30, 40}) BOOST_TEST(is_there(values[static_cast<std::size_t>(i)]), i);
    BOOST_TEST(is_there(newest));
    BOOST_TEST(is_there(only));
    BOOST_TEST(count() == 6);
    // Not worth while again before as many more were replaced.
    for (int i = 2; i < enough; ++i) change(beta);
    sweep.begin_if_due(s);
    BOOST_TEST(!sweep.is_running());
    change(beta);
    sweep.begin_if_due(s);
    BOOST_TEST(sweep.is_running());
}

BOOST_AUTO_TEST_CASE(what_is_taken_or_comes_while_a_sweep_goes_on_stays) {
    auto const acme = company("acme");
    std::vector<std::int64_t> values;
    for (int i = 0; i < enough; ++i) values.push_back(change(acme));
    auto const early = user(values[1]), late = user(values[2]);
    user(values[3]);
    sweep.begin_if_due(s);
    go_on(1);
    // The first user was looked at; it takes the newest, which is replaced while the sweep goes on.
    auto const newest = values.back();
    put_wanted(early, newest);
    auto const after = change(acme);
    put_wanted(late, after);
    auto const fresh = user(after);
    to_the_end();
    BOOST_TEST(is_there(values[1]));
    BOOST_TEST(is_there(newest));
    BOOST_TEST(is_there(after));
    BOOST_TEST(is_there(values[3]));
    BOOST_TEST(!is_there(values[2]));
    BOOST_TEST(fresh > late);
    BOOST_TEST(count() == 4);
}

BOOST_AUTO_TEST_SUITE_END()
