using System.Net.Sockets;
using System.Runtime.InteropServices;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using LaionStream.Host.Verbs;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Text.Languages;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Process;

/// <summary>
/// The executable with stages that never return, or end the process, for marked rows: this test assembly started as a program. Everything but the hooks is the
/// executable's own.
/// </summary>
internal static partial class StuckHost
{
    /// <summary>After a picture's bytes: reading its header is an endless loop of managed code.</summary>
    public static ReadOnlySpan<byte> Spin => "spin"u8;

    /// <summary>After a picture's bytes: the same loop, which sleeps most of the time and leaves the processor to the other tests.</summary>
    public static ReadOnlySpan<byte> Rest => "rest"u8;

    /// <summary>After a picture's bytes: reading its header is a native call that does not return.</summary>
    public static ReadOnlySpan<byte> Hang => "hang"u8;

    /// <summary>Behind a picture's bytes: reading its header is a native call that follows a null pointer.</summary>
    public static ReadOnlySpan<byte> Die => "die!"u8;

    /// <summary>Behind a picture's bytes: reading its header takes native memory without end.</summary>
    public static ReadOnlySpan<byte> Eat => "eat!"u8;

    /// <summary>Behind a picture's bytes: reading its header throws what no decoder throws.</summary>
    public static ReadOnlySpan<byte> Throw => "thrw"u8;

    /// <summary>Behind a picture's bytes: reading its header opens a socket, and dies if it may.</summary>
    public static ReadOnlySpan<byte> Call => "call"u8;

    /// <summary>Behind a picture's bytes: reading its header starts a program, and dies if it may.</summary>
    public static ReadOnlySpan<byte> Exec => "exec"u8;

    /// <summary>In the environment: the end of the captions that the language model never returns from.</summary>
    public const string StuckCaption = "STUCK_CAPTION";

    /// <summary>The program: a verb and settings.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (args is [DecodeProgram.Verb]) { return DecodeProgram.Run(ReadHeader); }

        if (args is ["--supervise", var restarts, .. var rest])
        {
            using var supervisor = new Supervisor(int.Parse(restarts, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(200));
            return await supervisor.RunAsync(rest);
        }

        args = SupervisedWorker.Begin(args);
        ProcessEnd.OfProgram = new ProcessEnd();
        DecodeCommand.OfProgram = new DecodeCommand();
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        CommandLine.TakeSettings(args[1..], settings);
        await using EngineHost host = EngineHost.Start(null, settings, logsBesideOutput: true, services =>
        {
            services.AddSingleton(new DecodeHooks(ReadHeader));
            if (Environment.GetEnvironmentVariable(StuckCaption) is { } caption) { services.AddSingleton<ILanguageModel>(new StuckModel(caption)); }
        });
        (CancellationToken stop, CancellationToken abort) = (host.Signals.Stop, host.Signals.Abort);
        return await Outcome.OfAsync(
            () => args[0] switch
            {
                "run" => host.Services.GetRequiredService<DatasetRun>().ExecuteAsync("run", stop, abort),
                "retry" => host.Services.GetRequiredService<DatasetRun>().RetryAsync(new Retry(new HashSet<DropReason>(), TimeSpan.Zero), stop, abort),
                _ => host.Services.GetRequiredService<ExtractRun>().ExecuteAsync(stop, abort),
            },
            host.OutputFolder,
            Console.Out,
            Console.Error,
            abort);
    }

    private static ImageHeader ReadHeader(ReadOnlySpan<byte> body)
    {
        if (body.EndsWith(Spin)) { Loop(); }
        if (body.EndsWith(Rest)) { LoopSlowly(); }
        if (body.EndsWith(Hang)) { _ = Sleep(uint.MaxValue); }
        if (body.EndsWith(Die)) { _ = LengthOf(0); }
        if (body.EndsWith(Eat)) { EatMemory(); }
        if (body.EndsWith(Throw)) { throw new IndexOutOfRangeException("no such byte"); }
        if (body.EndsWith(Call) && Opens()) { _ = LengthOf(0); }
        if (body.EndsWith(Exec) && Starts()) { _ = LengthOf(0); }
        return ImageHeader.Read(body);
    }

    private static bool Opens()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool Starts()
    {
        try
        {
            using System.Diagnostics.Process started = System.Diagnostics.Process.Start("true");
            started.WaitForExit();
            return started.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static unsafe void EatMemory()
    {
        while (true)
        {
            nuint bytes = 16 << 20;
            NativeMemory.Fill(NativeMemory.Alloc(bytes), bytes, 1);
            Thread.Sleep(1);
        }
    }

    private static void Loop()
    {
        _ = SetPriority(0, 0, 10); // this thread leaves most of the time to the other tests; it never ends all the same
        ulong turns = 0;
        while (true) { turns++; }
    }

    private static void LoopSlowly()
    {
        ulong turns = 0;
        while (true)
        {
            if (++turns % 1_000_000 == 0) { Thread.Sleep(20); }
        }
    }

    [LibraryImport("libc", EntryPoint = "strlen")]
    private static partial nuint LengthOf(nint text);

    [LibraryImport("libc", EntryPoint = "sleep")]
    private static partial uint Sleep(uint seconds);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    private sealed class StuckModel(string caption) : ILanguageModel
    {
        public LanguageAnswer Identify(ReadOnlySpan<char> text)
        {
            if (text.EndsWith(caption, StringComparison.Ordinal)) { LoopSlowly(); }
            return new LanguageAnswer("en", 1, true);
        }
    }
}
