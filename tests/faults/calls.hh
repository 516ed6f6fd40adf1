/// The functions of the C library that the program under test makes system calls by, each with an errno that
/// it may well fail with; 0 where it cannot fail in a way that anybody could do something about, and is only
/// killed at. tests/e2e/test_faults.py holds the list against what the program imports.

// Files and folders.
HOPYARD_FAULT(EACCES, int, access, (const char* path, int mode), (path, mode))
HOPYARD_FAULT(EACCES, int, chdir, (const char* path), (path))
HOPYARD_FAULT(EPERM, int, chmod, (const char* path, mode_t mode), (path, mode))
HOPYARD_FAULT(EPERM, int, chown, (const char* path, uid_t user, gid_t group), (path, user, group))
HOPYARD_FAULT(0, int, close_range, (unsigned first, unsigned last, int flags), (first, last, flags))
HOPYARD_FAULT(EMFILE, int, dup2, (int from, int to), (from, to))
HOPYARD_FAULT(EMFILE, int, dup3, (int from, int to, int flags), (from, to, flags))
HOPYARD_FAULT(EACCES, int, faccessat, (int folder, const char* path, int mode, int flags),
              (folder, path, mode, flags))
HOPYARD_FAULT(EPERM, int, fchmod, (int file, mode_t mode), (file, mode))
HOPYARD_FAULT(EPERM, int, fchmodat, (int folder, const char* path, mode_t mode, int flags),
              (folder, path, mode, flags))
HOPYARD_FAULT(EPERM, int, fchown, (int file, uid_t user, gid_t group), (file, user, group))
HOPYARD_FAULT(EPERM, int, fchownat, (int folder, const char* path, uid_t user, gid_t group, int flags),
              (folder, path, user, group, flags))
HOPYARD_FAULT_OR(nullptr, ENOMEM, DIR*, fdopendir, (int folder), (folder))
HOPYARD_FAULT(ENOLCK, int, flock, (int file, int what), (file, what))
HOPYARD_FAULT_OR(nullptr, EMFILE, FILE*, fopen64, (const char* path, const char* mode), (path, mode))
HOPYARD_FAULT_OR(nullptr, EMFILE, FILE*, fdopen, (int file, const char* mode), (file, mode))
HOPYARD_FAULT(EIO, int, fstat, (int file, struct stat* found), (file, found))
HOPYARD_FAULT(EIO, int, fstat64, (int file, struct stat64* found), (file, found))
HOPYARD_FAULT(EACCES, int, fstatat, (int folder, const char* path, struct stat* found, int flags),
              (folder, path, found, flags))
HOPYARD_FAULT(EIO, int, fsync, (int file), (file))
HOPYARD_FAULT(ENOSPC, int, ftruncate, (int file, off_t size), (file, size))
HOPYARD_FAULT_OR(nullptr, EACCES, char*, getcwd, (char* room, std::size_t size), (room, size))
HOPYARD_FAULT(EPERM, int, lchown, (const char* path, uid_t user, gid_t group), (path, user, group))
HOPYARD_FAULT(ENOSPC, int, link, (const char* from, const char* to), (from, to))
HOPYARD_FAULT(EACCES, int, lstat, (const char* path, struct stat* found), (path, found))
HOPYARD_FAULT(ENOSPC, int, fsetxattr,
              (int file, const char* name, const void* value, std::size_t size, int flags),
              (file, name, value, size, flags))
HOPYARD_FAULT(EMFILE, int, memfd_create, (const char* name, unsigned flags), (name, flags))
HOPYARD_FAULT(ENOSPC, int, mkdir, (const char* path, mode_t mode), (path, mode))
HOPYARD_FAULT(ENOSPC, int, mkdirat, (int folder, const char* path, mode_t mode), (folder, path, mode))
HOPYARD_FAULT(ENOSPC, int, mkfifoat, (int folder, const char* path, mode_t mode), (folder, path, mode))
HOPYARD_FAULT(ENOSPC, int, mkfifo, (const char* path, mode_t mode), (path, mode))
HOPYARD_FAULT(EPERM, int, mknod, (const char* path, mode_t mode, dev_t device), (path, mode, device))
HOPYARD_FAULT(EPERM, int, mknodat, (int folder, const char* path, mode_t mode, dev_t device),
              (folder, path, mode, device))
HOPYARD_FAULT_OR(nullptr, EMFILE, DIR*, opendir, (const char* path), (path))
HOPYARD_FAULT(EIO, ssize_t, pread, (int file, void* room, std::size_t size, off_t at), (file, room, size, at))
HOPYARD_FAULT(EIO, ssize_t, read, (int file, void* room, std::size_t size), (file, room, size))
HOPYARD_FAULT_OR(nullptr, EIO, dirent*, readdir, (DIR * folder), (folder))
HOPYARD_FAULT(EACCES, ssize_t, readlink, (const char* path, char* room, std::size_t size), (path, room, size))
HOPYARD_FAULT(EIO, ssize_t, readlinkat, (int folder, const char* path, char* room, std::size_t size),
              (folder, path, room, size))
HOPYARD_FAULT_OR(nullptr, EACCES, char*, realpath, (const char* path, char* room), (path, room))
HOPYARD_FAULT(ENOSPC, int, rename, (const char* from, const char* to), (from, to))
HOPYARD_FAULT(ENOSPC, int, renameat, (int folder, const char* from, int other, const char* to),
              (folder, from, other, to))
HOPYARD_FAULT(EIO, int, rmdir, (const char* path), (path))
HOPYARD_FAULT(EACCES, int, stat, (const char* path, struct stat* found), (path, found))
HOPYARD_FAULT(EIO, int, statvfs, (const char* path, struct statvfs* found), (path, found))
HOPYARD_FAULT(ENOSPC, int, symlink, (const char* target, const char* path), (target, path))
HOPYARD_FAULT(ENOSPC, int, symlinkat, (const char* target, int folder, const char* path),
              (target, folder, path))
HOPYARD_FAULT(ENOSPC, int, truncate, (const char* path, off_t size), (path, size))
HOPYARD_FAULT(EIO, int, unlink, (const char* path), (path))
HOPYARD_FAULT(EIO, int, unlinkat, (int folder, const char* path, int flags), (folder, path, flags))
HOPYARD_FAULT(EACCES, int, utimensat, (int folder, const char* path, const timespec* times, int flags),
              (folder, path, times, flags))
HOPYARD_FAULT(ENOSPC, ssize_t, write, (int file, const void* from, std::size_t size), (file, from, size))
HOPYARD_FAULT(ENOSPC, ssize_t, writev, (int file, const iovec* parts, int count), (file, parts, count))

// Mounts and namespaces.
HOPYARD_FAULT(ENOMEM, int, fsconfig,
              (int file, unsigned what, const char* key, const void* value, int number),
              (file, what, key, value, number))
HOPYARD_FAULT(ENOMEM, int, fsmount, (int file, unsigned flags, unsigned attributes),
              (file, flags, attributes))
HOPYARD_FAULT(EPERM, int, fsopen, (const char* type, unsigned flags), (type, flags))
HOPYARD_FAULT(ENOMEM, int, mount,
              (const char* source, const char* target, const char* type, unsigned long flags,
               const void* data),
              (source, target, type, flags, data))
HOPYARD_FAULT(ENOMEM, int, mount_setattr,
              (int folder, const char* path, unsigned flags, void* attributes, std::size_t size),
              (folder, path, flags, attributes, size))
HOPYARD_FAULT(ENOMEM, int, move_mount,
              (int folder, const char* from, int other, const char* to, unsigned flags),
              (folder, from, other, to, flags))
HOPYARD_FAULT(EMFILE, int, open_tree, (int folder, const char* path, unsigned flags), (folder, path, flags))
HOPYARD_FAULT(EPERM, int, sethostname, (const char* name, std::size_t size), (name, size))
HOPYARD_FAULT(EPERM, int, setns, (int file, int flags), (file, flags))
HOPYARD_FAULT(EBUSY, int, umount2, (const char* path, int flags), (path, flags))
HOPYARD_FAULT(ENOSPC, int, unshare, (int flags), (flags))

// Processes and signals.
HOPYARD_FAULT(0, int, execve, (const char* path, char* const* words, char* const* variables),
              (path, words, variables))
HOPYARD_FAULT(EACCES, int, execvp, (const char* path, char* const* words), (path, words))
HOPYARD_FAULT(EAGAIN, pid_t, fork, (void), ())
HOPYARD_FAULT(EPERM, int, kill, (pid_t process, int number), (process, number))
HOPYARD_FAULT(0, int, nanosleep, (const timespec* time, timespec* left), (time, left))
HOPYARD_FAULT(0, int, pause, (void), ())
HOPYARD_FAULT(EPERM, int, personality, (unsigned long wanted), (wanted))
HOPYARD_FAULT_OR(EAGAIN, EAGAIN, int, posix_spawn,
                 (pid_t * process, const char* path, const posix_spawn_file_actions_t* actions,
                  const posix_spawnattr_t* attributes, char* const* words, char* const* variables),
                 (process, path, actions, attributes, words, variables))
HOPYARD_FAULT_OR(EAGAIN, EAGAIN, int, posix_spawnp,
                 (pid_t * process, const char* path, const posix_spawn_file_actions_t* actions,
                  const posix_spawnattr_t* attributes, char* const* words, char* const* variables),
                 (process, path, actions, attributes, words, variables))
HOPYARD_FAULT_OR(EAGAIN, EAGAIN, int, pthread_create,
                 (pthread_t * thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data),
                 (thread, attributes, main, data))
HOPYARD_FAULT(EPERM, int, setpgid, (pid_t process, pid_t group), (process, group))
HOPYARD_FAULT(EPERM, int, setrlimit, (__rlimit_resource_t what, const rlimit* limit), (what, limit))
HOPYARD_FAULT(EPERM, pid_t, setsid, (void), ())
HOPYARD_FAULT(EPERM, int, setgroups, (std::size_t count, const gid_t* groups), (count, groups))
HOPYARD_FAULT(EAGAIN, int, setresgid, (gid_t real_group, gid_t effective, gid_t saved),
              (real_group, effective, saved))
HOPYARD_FAULT(EAGAIN, int, setresuid, (uid_t real_user, uid_t effective, uid_t saved),
              (real_user, effective, saved))
HOPYARD_FAULT(EMFILE, int, signalfd, (int file, const sigset_t* signals, int flags), (file, signals, flags))
HOPYARD_FAULT(EINTR, int, sigtimedwait, (const sigset_t* signals, siginfo_t* found, const timespec* time),
              (signals, found, time))
HOPYARD_FAULT(EINTR, int, sigwaitinfo, (const sigset_t* signals, siginfo_t* found), (signals, found))
HOPYARD_FAULT(EPERM, int, tcsetpgrp, (int terminal, pid_t group), (terminal, group))
HOPYARD_FAULT(EINTR, int, waitid, (idtype_t type, id_t process, siginfo_t* found, int options),
              (type, process, found, options))
HOPYARD_FAULT(EINTR, pid_t, waitpid, (pid_t process, int* status, int options), (process, status, options))

// Sockets, pipes, and what waits for them.
HOPYARD_FAULT(EMFILE, int, accept4, (int socket, sockaddr* address, socklen_t* size, int flags),
              (socket, address, size, flags))
HOPYARD_FAULT(ENOMEM, int, bind, (int socket, const sockaddr* address, socklen_t size),
              (socket, address, size))
HOPYARD_FAULT(EAGAIN, int, connect, (int socket, const sockaddr* address, socklen_t size),
              (socket, address, size))
HOPYARD_FAULT(EMFILE, int, epoll_create, (int size), (size))
HOPYARD_FAULT(EMFILE, int, epoll_create1, (int flags), (flags))
HOPYARD_FAULT(what == EPOLL_CTL_ADD ? ENOSPC : 0, int, epoll_ctl,
              (int poll, int what, int file, epoll_event* event), (poll, what, file, event))
HOPYARD_FAULT(EINTR, int, epoll_wait, (int poll, epoll_event* events, int count, int time),
              (poll, events, count, time))
HOPYARD_FAULT(EMFILE, int, eventfd, (unsigned value, int flags), (value, flags))
HOPYARD_FAULT(0, int, eventfd_write, (int file, std::uint64_t value), (file, value))
HOPYARD_FAULT(ENOBUFS, int, getsockopt, (int socket, int level, int option, void* value, socklen_t* size),
              (socket, level, option, value, size))
HOPYARD_FAULT(ENOSPC, int, inotify_add_watch, (int file, const char* path, std::uint32_t mask),
              (file, path, mask))
HOPYARD_FAULT(EMFILE, int, inotify_init1, (int flags), (flags))
HOPYARD_FAULT(EADDRINUSE, int, listen, (int socket, int count), (socket, count))
HOPYARD_FAULT(EMFILE, int, pipe, (int* ends), (ends))
HOPYARD_FAULT(EMFILE, int, pipe2, (int* ends, int flags), (ends, flags))
HOPYARD_FAULT(ENOMEM, int, poll, (pollfd * watched, nfds_t count, int time), (watched, count, time))
HOPYARD_FAULT(ENOMEM, ssize_t, recv, (int socket, void* room, std::size_t size, int flags),
              (socket, room, size, flags))
HOPYARD_FAULT(ENOMEM, ssize_t, recvmsg, (int socket, msghdr* message, int flags), (socket, message, flags))
HOPYARD_FAULT(ENOBUFS, ssize_t, send, (int socket, const void* from, std::size_t size, int flags),
              (socket, from, size, flags))
HOPYARD_FAULT(ENOSPC, ssize_t, sendfile, (int to, int from, off_t* at, std::size_t size),
              (to, from, at, size))
HOPYARD_FAULT(ENOBUFS, ssize_t, sendmsg, (int socket, const msghdr* message, int flags),
              (socket, message, flags))
HOPYARD_FAULT(ENOBUFS, ssize_t, sendto,
              (int socket, const void* from, std::size_t size, int flags, const sockaddr* address,
               socklen_t length),
              (socket, from, size, flags, address, length))
HOPYARD_FAULT(ENOBUFS, int, setsockopt,
              (int socket, int level, int option, const void* value, socklen_t size),
              (socket, level, option, value, size))
HOPYARD_FAULT(EMFILE, int, socket, (int family, int type, int protocol), (family, type, protocol))
HOPYARD_FAULT(EMFILE, int, socketpair, (int family, int type, int protocol, int* ends),
              (family, type, protocol, ends))
HOPYARD_FAULT(EMFILE, int, timerfd_create, (int clock, int flags), (clock, flags))
HOPYARD_FAULT(0, int, timerfd_settime, (int file, int flags, const itimerspec* wanted, itimerspec* before),
              (file, flags, wanted, before))

// Those that take as many arguments as they like: as many as there may be are handed on.
HOPYARD_FAULT(EMFILE, int, open, (const char* path, int flags, long mode), (path, flags, mode))
HOPYARD_FAULT(EMFILE, int, openat, (int folder, const char* path, int flags, long mode),
              (folder, path, flags, mode))
HOPYARD_FAULT(EMFILE, int, fcntl, (int file, int what, long value), (file, what, value))
HOPYARD_FAULT(ENOMEM, int, ioctl, (int file, unsigned long what, long value), (file, what, value))
HOPYARD_FAULT(EPERM, int, prctl, (int what, long a, long b, long c, long d), (what, a, b, c, d))
HOPYARD_FAULT(hopyard::faults::likely_error(number), long, syscall,
              (long number, long a, long b, long c, long d, long e, long f), (number, a, b, c, d, e, f))
