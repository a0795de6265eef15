using Serilog.Core;
using Serilog.Events;

namespace LaionStream.Host.Configuration;

/// <summary>
/// Shows a stack trace on the console only where it is the one record of a fault of the program. With a log file the stack is there; and an abort, a full disk
/// or a server that went away are told by their message, for which no line of the program is to blame.
/// </summary>
/// <param name="hasFile">Whether the log goes to a file too.</param>
internal sealed class ConsoleStack(bool hasFile) : ILogEventEnricher
{
    /// <summary>What the console's template names.</summary>
    public const string Property = "Stack";

    /// <summary>Whether an exception comes from the surroundings and not from a fault of the program.</summary>
    public static bool IsOfSurroundings(Exception e) => e is
        OperationCanceledException or IOException or UnauthorizedAccessException or TimeoutException or HttpRequestException or System.Net.Sockets.SocketException;

    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (hasFile || logEvent.Exception is not { } e || IsOfSurroundings(e)) { return; }

        logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(e + Environment.NewLine)));
    }
}
