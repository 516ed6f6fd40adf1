#include "lab/radvd.hh"

#include <algorithm>
#include <cctype>

namespace hopyard::lab {
namespace {

/// The words of radvd's scanner (scanner.l), in small letters: from version 2.20 on it does not tell capitals
/// from them.
constexpr std::string_view keywords =
    " interface prefix route rdnss dnssl clients lowpanco abro nat64prefix infinity on off low "
    "medium high ignoreifmissing maxrtradvinterval minrtradvinterval mindelaybetweenras "
    "removeadvonexit deprecateprefix decrementlifetimes unicastonly unrestrictedunicast "
    "base6interface base6to4interface homeagentpreference homeagentlifetime removeroute flushrdnss "
    "flushdnssl advrasrcaddress advsendadvert advmanagedflag advotherconfigflag advlinkmtu advramtu "
    "advreachabletime advretranstimer advcurhoplimit advdefaultlifetime advdefaultpreference "
    "advsourcelladdress advonlink advautonomous advvalidlifetime advpreferredlifetime advrouteraddr "
    "advhomeagentflag advintervalopt advhomeagentinfo advrasolicitedunicast advcaptiveportalapi "
    "advroutepreference advroutelifetime advrdnsspreference advrdnssopen advrdnsslifetime "
    "advdnssllifetime advmobrtrsupportflag advcontextlength advcontextcompressionflag advcontextid "
    "advlifetime advcontextprefix advversionlow advversionhigh adv6lbraddress ";

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/// "5", "-5", "1.5"
bool is_number(std::string_view word) {
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  const std::size_t dot = std::min(word.find('.'), word.size());
  const std::string_view whole = word.substr(0, dot);
  if (whole.empty() || !std::ranges::all_of(whole, is_digit)) return false;
  if (dot == word.size()) return true;
  const std::string_view part = word.substr(dot + 1);
  return !negative && !part.empty() && std::ranges::all_of(part, is_digit);
}

bool is_keyword(std::string_view word) {
  std::string sought = " ";
  for (const char byte : word) sought += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return keywords.find(sought + ' ') != std::string_view::npos;
}

}  // namespace

bool radvd_reads_name(std::string_view name) {
  const auto fits = [](char byte) {
    return static_cast<unsigned char>(byte) < 0x80 &&
           std::string_view("|;'").find(byte) == std::string_view::npos;
  };
  return !name.empty() && name.front() != '#' && std::ranges::all_of(name, fits) && !is_number(name) &&
         !is_keyword(name);
}

bool radvd_reads_domain(std::string_view domain) {
  return radvd_reads_name(domain) && domain.find('_') == std::string_view::npos;
}

}  // namespace hopyard::lab
