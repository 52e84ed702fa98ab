#pragma once
// The built-in Moesif: a real HTTP service on loopback that serves what the Management API serves to a reader
// of profiles (search in both spellings, single documents, counts) and answers 404 to all else. It is strict: what
// the real service is not known to accept is a 400. It has one thread; every method may be called from any thread.
//
// A page comes out of an index by id and by (modified_time, id), its hits are the stored texts put together
// unparsed, so a page of 1,000 from a million documents takes a few milliseconds. Sorts by other keys, filters on other
// fields than modified_time and `_source` lists read every document: they are for small sets.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/clock.hpp"
#include "traitsync/demo/moesif_faults.hpp"

namespace traitsync::demo {

struct moesif_options {
    std::string token = "demo-token";
    std::uint16_t port = 0;  // 0: any free one; taken: the next free one
    std::string prefix = "/v1";
    clock const* time = nullptr;  // of the rate limit and the visibility; system_clock() when null
    moesif_faults faults = {};
};

// Documents that are made when they are read. The functions are called on the service's thread and must give the
// same answer each time.
struct generated_documents {
    std::size_t count = 0;                       // below 2^32
    std::function<std::string(std::size_t)> id;  // `_id`, growing in byte order with the index
    std::function<std::optional<std::int64_t>(std::size_t)>
        modified;                                               // epoch milliseconds; empty function: none has one
    std::function<void(std::size_t, std::string& out)> source;  // appends the `_source` text
};

struct moesif_counts {
    std::size_t user_searches = 0;  // that reached the index; likewise below
    std::size_t company_searches = 0;
    std::size_t gets = 0;
    std::size_t counts = 0;
    std::size_t hits = 0;                  // documents in answered pages
    std::map<int, std::size_t> by_status;  // of every exchange; 0: none was sent (cut before the answer, hang)
    std::size_t of_status(int status) const;
    std::size_t exchanges() const;
};

struct moesif_exchange {
    std::string method;
    std::string target;
    std::string body;
    int status = 0;
    wall_time at{};
};

// What a page hook is told: it runs before a search reads the index, on the service's thread, and may call the
// service's methods except stop and listen.
struct page_event {
    bool companies = false;
    bool continued = false;  // with search_after
    std::size_t number = 0;  // searches of this kind so far, from 0
};

class moesif_service {
public:
    explicit moesif_service(moesif_options options = {});  // std::runtime_error when no port is free
    ~moesif_service();
    moesif_service(moesif_service const&) = delete;
    moesif_service& operator=(moesif_service const&) = delete;

    std::string url() const;  // http://127.0.0.1:<port>/v1
    std::uint16_t port() const;
    void stop();
    void listen(bool on);  // false: down, connections are refused and those that stand are reset

    // Stores the text of `_source` verbatim: answers carry exactly these bytes. Without `modified_millis` the document
    // counts as one without modified_time. An empty id makes a hit without `_id`. While generated documents of the kind
    // are set: ignored.
    void put_user(std::string id, std::string source_json, std::optional<std::int64_t> modified_millis);
    void put_company(std::string id, std::string source_json, std::optional<std::int64_t> modified_millis);
    void remove_user(std::string_view id);
    void remove_company(std::string_view id);
    std::size_t users() const;
    std::size_t companies() const;

    // Replaces all users (companies) by generated ones; a count of 0 goes back to none stored.
    void set_generated_users(generated_documents recipe);
    void set_generated_companies(generated_documents recipe);

    void set_faults(moesif_faults faults);  // the seed starts again; the script stays
    moesif_faults faults() const;
    // The next exchanges on known paths take these faults in order, before any chance is drawn; appends.
    void script(std::vector<moesif_fault> faults);
    std::size_t scripted() const;  // faults of the script that are left
    // Makes writes visible that wait for `visible_after`.
    void publish();
    void set_before_page(std::function<void(page_event const&)> hook);

    moesif_counts counts() const;
    std::vector<moesif_exchange> recent() const;  // the latest 256, oldest first
    // Waits until `done` holds, looked at after each exchange; false when it did not in time.
    bool wait_for(std::chrono::milliseconds limit, std::function<bool(moesif_counts const&)> done) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::demo
