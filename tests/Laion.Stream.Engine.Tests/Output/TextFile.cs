using System.Globalization;
using System.Text;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;

namespace LaionStream.Engine.Tests.Output;

/// <summary>
/// A file beside the rows with one line per row: its sample id. Buffers only one line, and reads the row's payload, which must still be valid.
/// </summary>
internal sealed class TextFile(Stream output) : IPartFile<KeptRow>
{
    public const string Role = "text";
    public const string Ending = ".txt";

    public long Bytes { get; private set; }

    public static PartFileKind<KeptRow> Kind { get; } =
        new(Role, PartName.Of(Ending), (output, _) => ValueTask.FromResult<IPartFile<KeptRow>>(new TextFile(output)));

    public ValueTask AddAsync(KeptRow row, CancellationToken abort)
    {
        if (row.Payload is CountedPayload { IsGivenBack: true }) { throw new InvalidOperationException("The payload was given back before the file took it."); }
        return WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{row.Key.SampleId}"));
    }

    public ValueTask CompleteAsync() => WriteAsync("end");

    private ValueTask WriteAsync(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        Bytes += bytes.Length;
        return output.WriteAsync(bytes);
    }
}
