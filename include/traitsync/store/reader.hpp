#pragma once
// The store for those who only look: a connection of its own that cannot write, so that questions never hold
// up pages and batches. One thread at a time; throws SQLite::Exception and damaged_content.

#include <memory>
#include <string>

#include "traitsync/core/error.hpp"
#include "traitsync/store/accounts.hpp"
#include "traitsync/store/activity.hpp"
#include "traitsync/store/catalogue.hpp"
#include "traitsync/store/companies.hpp"
#include "traitsync/store/composer.hpp"
#include "traitsync/store/forgotten.hpp"
#include "traitsync/store/lookups.hpp"
#include "traitsync/store/meta.hpp"
#include "traitsync/store/passes.hpp"
#include "traitsync/store/profiles.hpp"
#include "traitsync/store/replays.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

class reader {
public:
    // The file must exist in the present version: open the writing connection first.
    static result<std::unique_ptr<reader>> open(std::string const& path);
    ~reader();
    // As session::end_reads().
    void end_reads();

private:
    std::unique_ptr<SQLite::Database> db_;  // first: the statements below go before it
    explicit reader(std::unique_ptr<SQLite::Database> db);

public:
    store::meta meta;
    store::profiles profiles;
    store::companies companies;
    store::accounts accounts;
    store::composer composer;
    store::passes passes;
    store::lookups lookups;
    store::forgotten forgotten;
    store::replays replays;
    store::catalogue catalogue;
    store::activity activity;

    // What is read between its making and its end is of one moment. Keep it short: the log cannot shrink meanwhile.
    class snapshot {
    public:
        explicit snapshot(reader& r);
        ~snapshot();
        snapshot(snapshot const&) = delete;
        snapshot& operator=(snapshot const&) = delete;

    private:
        reader& reader_;
    };
};

}  // namespace traitsync::store
