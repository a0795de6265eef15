using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>Decodes one picture after the other, inside a decoding process.</summary>
/// <param name="setup">The options.</param>
/// <param name="readHeader">Reads headers.</param>
/// <param name="input">From the run.</param>
/// <param name="output">To the run.</param>
internal sealed class DecodeLoop(ChildSetup setup, HeaderReader readHeader, Stream input, Stream output)
{
    /// <summary>
    /// Added to the time limit of a process's first picture, whose decoder is compiled and loaded meanwhile: a row must not be dropped in a new process for
    /// what takes milliseconds in the run's. The run ends the process later than this (<see cref="ChildLimits"/>).
    /// </summary>
    private static readonly TimeSpan ColdStart = TimeSpan.FromSeconds(4);

    private readonly PictureReader _warm = new(setup.Options, setup.Specs, readHeader, setup.Resize);
    private PictureReader _reader = new(setup.Options.With(setup.Options.DecodeTimeout + ColdStart), setup.Specs, readHeader, setup.Resize);

    /// <summary>Runs until the input ends.</summary>
    /// <param name="closed">Whether the kernel refuses sockets.</param>
    public void Run(bool closed)
    {
        ImageDecoder.EnsureReady(setup.Options.Decoder); // before it reports that it is ready: a decoder's initial memory is not the picture's
        ChildFrames.Write(output, ChildFrames.Ready);
        output.WriteByte(closed ? (byte)1 : (byte)0);
        output.Flush();
        while (input.ReadByte() == ChildFrames.Picture)
        {
            int length = ChildFrames.ReadInt(input);
            byte[] body = ArrayPool<byte>.Shared.Rent(length);
            input.ReadExactly(body, 0, length);
            Answer(body.AsMemory(0, length));
            ArrayPool<byte>.Shared.Return(body);
            _reader = _warm;
        }
    }

    private void Answer(ReadOnlyMemory<byte> body)
    {
        try
        {
            PictureHead head = _reader.Judge(body.Span);
            if (head.Reason is { } reason)
            {
                ChildFrames.WriteText(output, ChildFrames.Dropped, reason, "");
                return;
            }

            Span<byte> needs = stackalloc byte[1 + sizeof(long)];
            needs[0] = ChildFrames.Needs;
            BinaryPrimitives.WriteInt64LittleEndian(needs[1..], _reader.BytesFor(head.Header, body.Length, whole: true));
            output.Write(needs);
            output.Flush();
            if (input.ReadByte() == ChildFrames.Go) { Write(_reader.Prepare(body, head, CancellationToken.None)); }
        }
        catch (EncodeException e)
        {
            ChildFrames.WriteText(output, ChildFrames.Dropped, DropReason.EncodeFailed, e.Message);
        }
        catch (DecodeException e)
        {
            ChildFrames.WriteText(output, ChildFrames.Dropped, DropReason.DecodeFailed, e.Message);
        }
        catch (Exception e) when (e is not (IOException or DllNotFoundException))
        {
            ChildFrames.WriteText(output, ChildFrames.Broken, default, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private void Write(ReadPicture picture)
    {
        ChildFrames.Write(output, ChildFrames.Prepared, picture.Width, picture.Height);
        output.Write(Encoding.ASCII.GetBytes(picture.PHash));
        foreach (PixelInput input in picture.Inputs)
        {
            using (input) { output.Write(input.Rgb); }
        }

        if (picture.Stored is { } stored)
        {
            ChildFrames.Write(output, ChildFrames.Stored, stored.Width, stored.Height, stored.Bytes.Length);
            output.Write(stored.Bytes);
        }

        output.Flush();
    }
}
