#include "content_check.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <optional>

#include "message_text.hpp"
#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/store/codec.hpp"
#include "traitsync/store/rest_text.hpp"

namespace traitsync::store {
namespace {

// The first row of `sql` (number, bytes) that `is_sound` refuses.
template <class Check>
std::optional<std::int64_t> first_damaged(SQLite::Database& db, char const* sql, Check is_sound) {
    statement all{db, sql};
    all.with();
    while (all.step()) {
        if (!is_sound(all.text(1))) return all.integer(0);
    }
    return std::nullopt;
}

template <class Decode>
bool can_be_read(Decode decode) {
    try {
        decode();
        return true;
    } catch (damaged_content const&) {
        return false;
    }
}

bool has_column(SQLite::Database& db, char const* table, char const* column) {
    statement form{db, "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?) WHERE name = ?)"};
    form.with(table, column).step();
    return form.integer(0) != 0;
}

}  // namespace

std::string find_damaged_content(SQLite::Database& db) {
    if (has_column(db, "bodies", "packed")) {
        auto const no = first_damaged(db, "SELECT no, packed FROM bodies WHERE packed IS NOT NULL", is_packed_message);
        if (no) return fmt::format("the stored bytes of message number {} are damaged", *no);
    }
    if (!has_column(db, "sources", "data")) return {};  // no store of ours
    auto const document = first_damaged(db, "SELECT no, data FROM sources", [](std::string_view data) {
        return can_be_read([&] { unpack_rest(decode_source(data).rest); });
    });
    if (document) return fmt::format("the stored document of user number {} is damaged", *document);
    diff::account a;
    auto const ledger = first_damaged(db, "SELECT no, data FROM ledgers", [&a](std::string_view data) {
        return can_be_read([&] {
            a = {};
            decode_ledger(data, a);
        });
    });
    if (ledger) return fmt::format("what is stored of the traits of user number {} is damaged", *ledger);
    return {};
}

}  // namespace traitsync::store
