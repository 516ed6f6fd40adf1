/* Ends the guest: writes a byte to QEMU's isa-debug-exit device, which makes QEMU exit with twice that byte plus one. */
#include <stdlib.h>
#include <sys/io.h>
#include <unistd.h>

int main(int count, char** words) {
  int status = count > 1 ? atoi(words[1]) : 0;
  sync();
  if (ioperm(0x501, 1, 1) != 0) return 1;
  outb((unsigned char)(status & 0x7f), 0x501);
  for (;;) pause();
}
