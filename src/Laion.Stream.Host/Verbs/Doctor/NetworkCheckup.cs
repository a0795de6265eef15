using System.Diagnostics;
using System.Net;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>Checks that the resolvers answer.</summary>
internal static class NetworkCheckup
{
    /// <summary>One finding for each resolver. An answer that the name does not exist counts as an answer.</summary>
    /// <param name="options">The resolvers, and the time limit of each.</param>
    /// <param name="name">The name to query.</param>
    /// <param name="abort">Ends the check.</param>
    public static async Task<IReadOnlyList<Finding>> LookAsync(DnsOptions options, string name, CancellationToken abort)
    {
        IPEndPoint[] servers = ResolvConf.From(options);
        var exchange = new DnsExchange(options.QueryTimeout);
        (IPEndPoint Server, DnsReply Reply, TimeSpan Time)[] asked = await Task.WhenAll(servers.Select(async server =>
        {
            long start = Stopwatch.GetTimestamp();
            DnsReply reply = await exchange.QueryAsync(server, name, ipv6: false, abort);
            return (server, reply, Stopwatch.GetElapsedTime(start));
        }));
        bool anyAnswers = asked.Any(answer => Answers(answer.Reply));
        return [.. asked.Select(answer => Answers(answer.Reply)
            ? new Finding(FindingLevel.Ok, "resolver",
                FormattableString.Invariant($"{answer.Server} answers for {name} in {answer.Time.TotalMilliseconds:F0} ms"))
            : new Finding(
                anyAnswers ? FindingLevel.Warn : FindingLevel.Fail,
                "resolver",
                FormattableString.Invariant(
                    $"{answer.Server} {(answer.Reply.IsNoReply ? $"does not answer within {options.QueryTimeout.TotalSeconds:F1} s" : "gives no usable answer")} for {name}"),
                "set others as Laion:Download:Dns:Servers, or correct /etc/resolv.conf; a local resolver (unbound) on this machine is best for a crawl"))];
    }

    private static bool Answers(DnsReply reply) => reply.Status is DnsStatus.Found or DnsStatus.NoSuchName;
}
