using System.Runtime.InteropServices;
using System.Text.Json;
using LaionStream.Models.Pictures.Headers;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The program of a decoding process: pictures on standard input, answers on standard output, until the run closes the pipe or has ended.</summary>
internal static partial class DecodeProgram
{
    /// <summary>The argument that makes the executable one.</summary>
    public const string Verb = "decode-pictures";

    private const int MostSetup = 1 << 20;

    private static readonly TimeSpan ParentPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until the input ends.</summary>
    /// <param name="readHeader">Reads headers; <see cref="ImageHeader.Read"/> except in tests.</param>
    /// <returns>The exit code.</returns>
    public static int Run(HeaderReader? readHeader = null)
    {
        // A Ctrl-C of the terminal reaches every process of the group: the run decides when to end.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);
        if (!OperatingSystem.IsWindows()) { EndWithParent(); }
        using Stream input = Console.OpenStandardInput();
        using Stream output = TakeOutput();
        bool closed = ChildSandbox.Enter();
        int length = ChildFrames.ReadInt(input);
        if (length is < 0 or > MostSetup) { return 2; }

        byte[] json = new byte[length];
        input.ReadExactly(json);
        ChildSetup setup = JsonSerializer.Deserialize(json, ChildJson.Default.ChildSetup)!;
        var loop = new DecodeLoop(setup, readHeader ?? ImageHeader.Read, input, output);
        loop.Run(closed);
        return 0;
    }

    /// <summary>A picture that does not return must not outlive the run, and a hanging process does not notice that its pipe is closed.</summary>
    private static void EndWithParent()
    {
        int parent = GetParent();
        var thread = new Thread(() =>
        {
            while (GetParent() == parent) { Thread.Sleep(ParentPoll); }
            Exit(1);
        });
        thread.IsBackground = true;
        thread.Start();
    }

    /// <summary>The pipe to the run. Nothing else writes to it: the output of a library is discarded.</summary>
    private static Stream TakeOutput()
    {
        if (OperatingSystem.IsWindows()) { return Console.OpenStandardOutput(); }

        int pipe = Duplicate(1);
        using (SafeFileHandle nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write))
        {
            _ = DuplicateTo((int)nowhere.DangerousGetHandle(), 1);
            _ = DuplicateTo((int)nowhere.DangerousGetHandle(), 2);
        }

        return new FileStream(new SafeFileHandle(pipe, ownsHandle: true), FileAccess.Write, 1 << 16);
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int handle);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int DuplicateTo(int handle, int to);
}
