using System.IO.Compression;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// gzip members (RFC 1952). One <see cref="GZipStream"/> runs over all of them: it checks CRC and length of each, but says neither where
/// one ends nor that the file ends inside one. The length in the trailer before a border tells both, but for a member that has lost bytes
/// close to its end and whose length comes out right all the same: it passes for whole, and the next one may be lost.
/// </summary>
internal sealed class GzipMembers(MemberWindow feed, InputHealth health) : CompressedMembers(feed, health)
{
    /// <inheritdoc/>
    protected override Stream Open(Stream feed) => new GZipStream(feed, CompressionMode.Decompress, leaveOpen: true);

    /// <inheritdoc/>
    protected override bool EndsMember(uint trailer, long memberBytes) => trailer == (uint)memberBytes;

    /// <inheritdoc/>
    protected override bool EndsBeforeFlaw(MemberWindow feed, long memberBytes) => feed.HoldsEnd((uint)memberBytes);

    /// <inheritdoc/>
    protected override bool IsDamage(Exception e) => e is InvalidDataException;

    /// <inheritdoc/>
    protected override bool IsCut(Exception e) => false;
}
