#pragma once
// The open connections with their deadlines: who waits too long for bytes to come or go is ended, and when all
// places are taken the one that is longest without a whole head makes room. Private to admin/.

#include <chrono>
#include <functional>
#include <list>

namespace traitsync::admin {

class connections {
public:
    static constexpr std::size_t most = 256;
    using time_point = std::chrono::steady_clock::time_point;

    struct entry {
        std::function<void()> interrupt;  // ends the wait under way, the connection may still answer
        std::function<void()> close;      // ends the connection
        time_point deadline{};
        time_point headless_since{};  // while no whole head of a request is there
        bool headless = true;
        bool late = false;  // interrupted: the next deadline closes
        bool stream = false;
    };
    using place = std::list<entry>::iterator;

    // `places`: fewer where the process may not open so many files.
    explicit connections(std::size_t places = most) : places_{places} {}

    // Makes room where all places are taken.
    place add(entry e) {
        if (entries_.size() >= places_) make_room();
        return entries_.insert(entries_.end(), std::move(e));
    }
    void remove(place p) { entries_.erase(p); }
    std::size_t size() const { return entries_.size(); }

    // Ends what is over its deadline.
    void sweep(time_point now);

private:
    void make_room();
    std::size_t places_;
    std::list<entry> entries_;
};

}  // namespace traitsync::admin
