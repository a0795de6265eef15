using System.Runtime.InteropServices;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>
/// Removes from a decoding process what no picture needs: sockets, other programs, core files. Linux only; the filter is a short program that the kernel runs
/// at every system call (seccomp(2)).
/// </summary>
internal static unsafe partial class ChildSandbox
{
    private const int NoNewPrivileges = 38; // prctl: PR_SET_NO_NEW_PRIVS
    private const int FilterMode = 1; // SECCOMP_SET_MODE_FILTER
    private const int AllThreads = 1; // SECCOMP_FILTER_FLAG_TSYNC
    private const int CoreLimit = 4; // RLIMIT_CORE
    private const uint Allow = 0x7FFF0000; // SECCOMP_RET_ALLOW
    private const uint Refuse = 0x00050000 | 13; // SECCOMP_RET_ERRNO with EACCES

    // A BPF instruction: load a word of the call's description; jump if equal, or if greater or equal; return.
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, Return = 0x06;

    /// <summary>Applies it to this process and its future threads.</summary>
    /// <returns>Whether the kernel refuses sockets from now on.</returns>
    public static bool Enter()
    {
        if (!OperatingSystem.IsLinux()) { return false; }

        var none = default(Limit);
        _ = SetLimit(CoreLimit, &none); // a core file of gigabytes for a picture is of no use
        return Calls() is { } calls && Control(NoNewPrivileges, 1, 0, 0, 0) == 0 && Install(calls);
    }

    /// <summary>The numbers of the refused calls; null on processors whose numbers are not listed here.</summary>
    private static CallNumbers? Calls() => RuntimeInformation.ProcessArchitecture switch
    {
        // socket, connect, bind, sendto, io_uring_setup, ptrace, execve, execveat, process_vm_writev
        Architecture.X64 => new CallNumbers(0xC000003E, 317, [41, 42, 49, 44, 425, 101, 59, 322, 311]),
        Architecture.Arm64 => new CallNumbers(0xC00000B7, 277, [198, 203, 200, 206, 425, 117, 221, 281, 271]),
        _ => null,
    };

    private static bool Install(CallNumbers calls)
    {
        const int OtherNumbers = 0x40000000; // x32: the same calls under other numbers
        int last = 4 + calls.Refused.Length;
        List<Instruction> program =
        [
            new(Load, 0, 0, 4), // the architecture whose numbers the caller uses
            new(JumpIfEqual, 0, (byte)(last - 1), calls.Processor),
            new(Load, 0, 0, 0), // the call
            new(JumpIfAtLeast, (byte)(last - 3), 0, OtherNumbers),
        ];
        program.AddRange(calls.Refused.Select((call, i) => new Instruction(JumpIfEqual, (byte)(calls.Refused.Length - i), 0, call)));
        program.Add(new Instruction(Return, 0, 0, Allow));
        program.Add(new Instruction(Return, 0, 0, Refuse));
        fixed (Instruction* first = program.ToArray())
        {
            var whole = new FilterProgram { Length = (ushort)program.Count, First = first };
            return Call(calls.Seccomp, FilterMode, AllThreads, &whole) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint operation, nint flags, FilterProgram* program);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, Limit* limit);

    private sealed record CallNumbers(uint Processor, int Seccomp, uint[] Refused);

    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* First;
    }

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
