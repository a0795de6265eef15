using System.Globalization;
using System.Runtime.InteropServices;

namespace LaionStream.Host.Hosting;

/// <summary>The worker process of a <see cref="Supervisor"/>.</summary>
internal static partial class SupervisedWorker
{
    /// <summary>The first argument of a worker; the second is its supervisor's process id, and the rest is the verb.</summary>
    public const string Verb = "supervised";

    private const int Terminate = 15; // SIGTERM

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Removes the worker's own arguments.</summary>
    /// <returns>The verb and its options; the arguments unchanged when this process is not a worker.</returns>
    public static string[] Begin(string[] args)
    {
        if (args is not [Verb, var supervisor, .. var rest] || !int.TryParse(supervisor, NumberStyles.None, CultureInfo.InvariantCulture, out int parent))
        {
            return args;
        }
        if (!OperatingSystem.IsWindows()) { Follow(parent); }
        return rest;
    }

    private static void Follow(int supervisor)
    {
        // The terminal sends Ctrl-C to the whole process group, and the supervisor passes signals on: in the same group the worker would get it twice, and
        // abort.
        _ = SetGroup(0, 0);

        // Without its supervisor no process passes signals on: it drains and ends.
        var thread = new Thread(() =>
        {
            while (GetParent() == supervisor) { Thread.Sleep(Poll); }
            _ = Send(Environment.ProcessId, Terminate);
        });
        thread.IsBackground = true;
        thread.Start();
    }

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
