#include <gtest/gtest.h>

#include <csignal>

#include "language/command_words.hh"
#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

using Words = std::vector<std::string>;
using Restart = net::Service::Restart;
using Kind = net::Service::Ready::Kind;

Words in_shell(const char* text) {
  return {"/bin/sh", "-c", text};
}

TEST(CommandWords, PlainAndQuotedWordsNeedNoShell) {
  EXPECT_EQ(command_words("bird -f -c /etc/bird.conf"), (Words{"bird", "-f", "-c", "/etc/bird.conf"}));
  EXPECT_EQ(command_words("nginx -g 'daemon off;'"), (Words{"nginx", "-g", "daemon off;"}));
  EXPECT_EQ(command_words("x \"a b\"'c'd ''"), (Words{"x", "a bcd", ""}));
  EXPECT_EQ(command_words("  iperf3\t-s \n"), (Words{"iperf3", "-s"}));
  EXPECT_EQ(command_words("x --level=3 {1..2}"), (Words{"x", "--level=3", "{1..2}"}));
  EXPECT_EQ(command_words("'cd' x"), (Words{"cd", "x"}));
}

TEST(CommandWords, WhatOnlyAShellUnderstandsIsLeftToIt) {
  for (const char* text : {"a | b", "a; b", "a && b", "echo $HOME", "echo \"$HOME\"", "x > /dev/null",
                           "ls *.c", "A=1 b", "cd /srv", "exec x", "while true", "x 'open", "x a\\ b", "~/x",
                           "x #y", "a\nb", "x `y`", "x [ab]", "! x"})
    EXPECT_EQ(command_words(text), in_shell(text)) << text;
}

TEST(CommandWords, NothingIsNothing) {
  EXPECT_EQ(command_words(""), Words{});
  EXPECT_EQ(command_words(" \n"), Words{});
}

TEST(Services, EveryKey) {
  const Reading reading = read_text(R"(
nodes:
  a:
    services:
      short: nginx -g 'daemon off;'
      long:
        command: [bird, -f, '{i}']
        after: short
        restart: on-failure
        ready: {port: 179}
        stop: SIGQUIT
      shell: {command: 'while :; do :; done', after: [short, long], restart: never, ready: {command: test -s /x}}
      file: {command: x, ready: {file: /run/x.pid}}
      once: {command: x, ready: {ended: true}}
      at-once: {command: x, ready: {ended: false}}
)");
  EXPECT_EQ(said(reading), "");
  const auto& services = node(reading, "a").machine.services;
  ASSERT_EQ(services.size(), 6U);
  EXPECT_EQ(services[4].ready.kind, Kind::Ended);
  EXPECT_EQ(services[5].ready.kind, Kind::Started);
  EXPECT_EQ(services[0].name, "short");
  EXPECT_EQ(services[0].command, (Words{"nginx", "-g", "daemon off;"}));
  EXPECT_EQ(services[0].restart, Restart::Always);
  EXPECT_EQ(services[0].ready.kind, Kind::Started);
  EXPECT_EQ(services[0].stop_signal, SIGTERM);
  EXPECT_EQ(services[1].command, (Words{"bird", "-f", "{i}"}));
  EXPECT_EQ(services[1].after, Words{"short"});
  EXPECT_EQ(services[1].restart, Restart::OnFailure);
  EXPECT_EQ(services[1].ready.kind, Kind::TcpPort);
  EXPECT_EQ(services[1].ready.port, 179);
  EXPECT_EQ(services[1].stop_signal, SIGQUIT);
  EXPECT_EQ(services[2].command, in_shell("while :; do :; done"));
  EXPECT_EQ(services[2].after, (Words{"short", "long"}));
  EXPECT_EQ(services[2].restart, Restart::Never);
  EXPECT_EQ(services[2].ready.kind, Kind::Command);
  EXPECT_EQ(services[2].ready.text, "test -s /x");
  EXPECT_EQ(services[3].ready.kind, Kind::File);
  EXPECT_EQ(services[3].ready.text, "/run/x.pid");
}

TEST(Services, LayersMeetKeyByKey) {
  const Reading reading = read_text(R"(
defaults: {nodes: {services: {log: {command: logger, restart: never}}}}
kinds: {server: {services: {web: {command: 'serve {i}', after: log}}}}
nodes:
  s[1..2]: {kind: server, services: {log: {restart: on-failure}}}
  s2: {services: {web: other}}
)");
  EXPECT_EQ(said(reading), "");
  const auto& one = node(reading, "s1").machine.services;
  ASSERT_EQ(one.size(), 2U);
  EXPECT_EQ(one[0].command, Words{"logger"});
  EXPECT_EQ(one[0].restart, Restart::OnFailure);
  EXPECT_EQ(one[1].command, (Words{"serve", "1"}));
  EXPECT_EQ(one[1].after, Words{"log"});
  EXPECT_EQ(node(reading, "s2").machine.services[1].command, Words{"other"});
}

TEST(Services, AnEmptyMapIsNone) {
  const Reading reading = read_text("nodes: {a: {services: }, b: {services: {}}}\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_TRUE(node(reading, "a").machine.services.empty());
}

TEST(Services, AMistakeInARangeIsSaidOnce) {
  EXPECT_EQ(said(read_text("nodes: {'a[1..9]': {services: {x: {command: run, after: z}}}}\n")),
            "1:57 'a1' has no service 'z'\n");
  EXPECT_EQ(said(read_text("nodes: {'a[1..9]': {services: {x: {restart: always}}}}\n")),
            "1:32 service 'x' has no command\n");
}

}  // namespace
}  // namespace hopyard::language::test
