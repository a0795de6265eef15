using Serilog.Core;
using Serilog.Events;

namespace LaionStream.Host.Configuration;

/// <summary>
/// Shows a stack trace on the console only when it is the only record of a fault of the program. With a log file, the stack is there; and an abort, a full disk
/// or a lost server are described by their message, because no line of the program is at fault.
/// </summary>
/// <param name="hasFile">Whether the log is also written to a file.</param>
internal sealed class ConsoleStack(bool hasFile) : ILogEventEnricher
{
    /// <summary>The property in the console's template.</summary>
    public const string Property = "Stack";

    /// <summary>Whether an exception comes from the environment and not from a fault of the program.</summary>
    public static bool IsOfSurroundings(Exception e) => e is
        OperationCanceledException or IOException or UnauthorizedAccessException or TimeoutException or HttpRequestException
            or System.Net.Sockets.SocketException;

    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (hasFile || logEvent.Exception is not { } e || IsOfSurroundings(e)) { return; }

        logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(e + Environment.NewLine)));
    }
}
