using System.Runtime.InteropServices;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>The limit on open files and sockets, and the clock.</summary>
internal static partial class MachineCheckup
{
    private const int ClockIsNotKept = 5; // TIME_ERROR of adjtimex(2)
    private const int TimexBytes = 512; // struct timex has 208; with a zero first field the call only reads

    /// <summary>Whether the settings' connections fit the limit.</summary>
    /// <param name="limit">Handles that the process may open; null for no limit.</param>
    /// <param name="download">The downloader's settings.</param>
    /// <param name="inputs">Input files read at the same time.</param>
    public static Finding Handles(int? limit, DownloadOptions download, int inputs)
    {
        const string Advice = "raise it (ulimit -n, LimitNOFILE= of a service, nofile in limits.conf)";
        int inUse = HandleLimit.InUse() ?? 0;
        string found = limit is { } most ? FormattableString.Invariant($"{most} files and sockets may be open") : "no limit on open files and sockets";
        try
        {
            HandlePlan plan = new HandlePlanner(limit, inUse, inputs).Plan(download);
            return plan.IsShort
                ? new Finding(FindingLevel.Warn, "open files", $"{found}, so that a run scales down: {plan.Describe()}",
                    FormattableString.Invariant($"{Advice} to {plan.Enough(inUse)}"))
                : new Finding(FindingLevel.Ok, "open files", $"{found}; Laion:Download:MaxConcurrency ({download.MaxConcurrency}) and what depends on it fit");
        }
        catch (HandleLimitException e)
        {
            return new Finding(FindingLevel.Fail, "open files", e.Message, Advice);
        }
    }

    /// <summary>Whether the clock can be correct: certificates are validated with it, and rows store its times.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="built">When the program was built.</param>
    public static Finding Clock(DateTimeOffset now, DateTimeOffset built)
    {
        const string Advice = "set it, and synchronise it with NTP (timedatectl set-ntp true)";
        if (now < built - TimeSpan.FromDays(1))
        {
            return new Finding(FindingLevel.Fail, "clock", FormattableString.Invariant($"{now:u} is before this program was built ({built:u})"), Advice);
        }

        return IsKept() == false
            ? new Finding(FindingLevel.Warn, "clock", FormattableString.Invariant($"{now:u}; the system reports that it is not synchronised"), Advice)
            : new Finding(FindingLevel.Ok, "clock", FormattableString.Invariant($"{now:u}"));
    }

    private static bool? IsKept()
    {
        if (!OperatingSystem.IsLinux()) { return null; }

        Span<byte> timex = stackalloc byte[TimexBytes];
        timex.Clear();
        int state = Adjust(ref MemoryMarshal.GetReference(timex));
        return state < 0 ? null : state != ClockIsNotKept;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int Adjust(ref byte timex);
}
