using System.Buffers.Text;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Follows the framing of one chunked body (RFC 9112 7.1) and removes its trailer fields, for which nothing asks. The body is whole before them, but the
/// platform's parser refuses it for one flawed trailer line, where browsers and curl ignore the line.
/// </summary>
/// <param name="maxBytes">Maximum size of the trailer fields, in bytes.</param>
internal sealed class ChunkedTrailer(int maxBytes)
{
    private const int MostDigits = 15; // of a size that a long holds

    private readonly byte[] _size = new byte[MostDigits];
    private Part _part = Part.Size;
    private int _digits;
    private long _left;
    private int _trailer;
    private bool _isLineEmpty = true;

    private enum Part
    {
        Size,
        RestOfSizeLine,
        Data,
        EndOfData,
        Trailer,
        Other, // after the body, or a framing that the parser refuses
    }

    /// <summary>Passes on the next bytes of the connection, without those of the trailer fields.</summary>
    /// <param name="bytes">The bytes received; what is passed on is at their start afterwards.</param>
    /// <returns>Number of bytes passed on.</returns>
    /// <exception cref="UnreadableAnswerException">The trailer fields are too large.</exception>
    public int PassOn(Span<byte> bytes)
    {
        int from = 0;
        int to = 0;
        while (from < bytes.Length)
        {
            int step = _part switch
            {
                Part.Data => (int)Math.Min(_left, bytes.Length - from),
                Part.Other => bytes.Length - from,
                _ => 1,
            };
            Span<byte> taken = bytes.Slice(from, step);
            from += step;
            if (!IsPassedOn(taken)) { continue; }
            taken.CopyTo(bytes[to..]);
            to += step;
        }

        return to;
    }

    private bool IsPassedOn(ReadOnlySpan<byte> taken)
    {
        bool isEnd = taken[0] == (byte)'\n';
        switch (_part)
        {
            case Part.Size:
                ReadSize(taken[0]);
                return true;
            case Part.RestOfSizeLine:
                if (isEnd) { BeginChunk(); }
                return true;
            case Part.Data:
                if ((_left -= taken.Length) == 0) { _part = Part.EndOfData; }
                return true;
            case Part.EndOfData:
                if (isEnd) { (_part, _digits) = (Part.Size, 0); }
                return true;
            case Part.Trailer:
                return IsEndOfTrailer(taken[0]);
            default:
                return true;
        }
    }

    private void ReadSize(byte one)
    {
        if (one == (byte)'\n') { BeginChunk(); }
        else if (!char.IsAsciiHexDigit((char)one)) { _part = Part.RestOfSizeLine; }
        else if (_digits < MostDigits) { _size[_digits++] = one; }
        else { _part = Part.Other; }
    }

    private void BeginChunk()
    {
        _part = !Utf8Parser.TryParse(_size.AsSpan(0, _digits), out _left, out _, 'x') ? Part.Other : _left == 0 ? Part.Trailer : Part.Data;
    }

    // Of the trailer only the LF of the empty line is passed on, which ends the body for the parser with or without a CR.
    private bool IsEndOfTrailer(byte one)
    {
        if (++_trailer > maxBytes) { throw new UnreadableAnswerException(DropReason.TooLarge); }
        if (one == (byte)'\n')
        {
            if (_isLineEmpty) { _part = Part.Other; }
            (bool isEnd, _isLineEmpty) = (_isLineEmpty, true);
            return isEnd;
        }

        if (one != (byte)'\r') { _isLineEmpty = false; }
        return false;
    }
}
