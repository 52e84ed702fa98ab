#include "roff.hpp"

namespace traitsync::cli {
namespace {

// A minus that can be copied from the page, and a backslash that is one.
void append(std::string& out, char c) {
    switch (c) {
        case '\\':
            out += "\\e";
            break;
        case '-':
            out += "\\-";
            break;
        case '~':
            out += "\\(ti";
            break;
        case '^':
            out += "\\(ha";
            break;
        default:
            out += c;
    }
}

// A line must not begin with a request.
std::string guarded(std::string text) {
    if (!text.empty() && (text.front() == '.' || text.front() == '\'')) text.insert(0, "\\&");
    return text;
}

}  // namespace

std::string roff::marked(std::string_view text) {
    std::string out;
    bool bold = false;
    bool italic = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "**") {
            out += bold ? "\\fR" : "\\fB";
            bold = !bold;
            ++i;
        } else if (text[i] == '*' && (italic || (i + 1 < text.size() && text[i + 1] != ' '))) {
            out += italic ? "\\fR" : "\\fI";
            italic = !italic;
        } else {
            append(out, text[i]);
        }
    }
    return out;
}

roff::roff(std::string_view title, std::string_view section, std::string_view manual) {
    out_ = ".TH " + std::string{title} + " " + std::string{section} + " \"\" \"traitsync " TRAITSYNC_VERSION "\" \"" +
           std::string{manual} + "\"\n.nh\n.ad l\n";
}

roff& roff::heading(std::string_view text) {
    out_ += ".SH " + marked(text) + "\n";
    return *this;
}

roff& roff::subheading(std::string_view text) {
    out_ += ".SS " + marked(text) + "\n";
    return *this;
}

roff& roff::paragraph(std::string_view text) {
    out_ += ".PP\n" + guarded(marked(text)) + "\n";
    return *this;
}

roff& roff::item(std::string_view tag, std::string_view text) {
    out_ += ".TP\n" + guarded(marked(tag)) + "\n" + guarded(marked(text)) + "\n";
    return *this;
}

roff& roff::more(std::string_view text) {
    out_ += ".IP\n" + guarded(marked(text)) + "\n";
    return *this;
}

roff& roff::example(std::string_view text) {
    out_ += ".PP\n.EX\n";
    while (!text.empty()) {
        auto const end = text.find('\n');
        std::string line;
        for (char c : text.substr(0, end)) append(line, c);
        out_ += guarded(line) + "\n";
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    out_ += ".EE\n";
    return *this;
}

}  // namespace traitsync::cli
