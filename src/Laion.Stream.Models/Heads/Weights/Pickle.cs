using System.Buffers.Binary;
using System.Text;

namespace LaionStream.Models.Heads.Weights;

/// <summary>
/// Reads a Python pickle as data: names of classes and functions stay names, and nothing is ever called. Supports the opcodes that <c>torch.save</c> writes
/// (Python's pickletools, protocol 2). Tuples and lists become lists, numbers <see cref="long"/>, dictionaries <see cref="PickledMap"/>.
/// </summary>
/// <param name="bytes">May continue after the pickle.</param>
internal sealed class Pickle(ReadOnlyMemory<byte> bytes)
{
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<int, object?> _memo = [];
    private int _at;

    /// <summary>Reads one pickle.</summary>
    /// <param name="length">Bytes it takes up.</param>
    /// <exception cref="InvalidDataException">It is not a pickle, is truncated, or contains something unsupported.</exception>
    public object? Read(out int length)
    {
        try
        {
            while (true)
            {
                byte code = Bytes(1)[0];
                if (code == '.')
                {
                    length = _at;
                    return Pop();
                }

                Run(code);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidDataException($"The pickle is damaged near byte {_at}.", e);
        }
    }

    /// <summary>Returns a value of the expected type.</summary>
    /// <exception cref="InvalidDataException">It has another type.</exception>
    internal static T Known<T>(object? value) where T : class =>
        value as T ?? throw new InvalidDataException($"It holds {value?.GetType().Name ?? "nothing"} where {typeof(T).Name} is expected.");

    private void Run(byte code)
    {
        switch ((char)code)
        {
            case '\x80': Bytes(1); break; // protocol
            case '(': _marks.Push(_stack.Count); break;
            case '0': Pop(); break;
            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'K': Push((long)Bytes(1)[0]); break;
            case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case '\x8a': Push(Long(Bytes(Bytes(1)[0]))); break;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case 'X': Push(Encoding.UTF8.GetString(Bytes(Length32()))); break;
            case '\x8c': Push(Encoding.UTF8.GetString(Bytes(Bytes(1)[0]))); break;
            case 'U': Push(Encoding.Latin1.GetString(Bytes(Bytes(1)[0]))); break;
            case 'T': Push(Encoding.Latin1.GetString(Bytes(Length32()))); break;
            case 'c': Push(new PickledName($"{Line()}.{Line()}")); break;
            case ')' or ']': Push(new List<object?>()); break;
            case '}': Push(new PickledMap()); break;
            case 't' or 'l': Push(PopToMark()); break;
            case '\x85': Push(PopMany(1)); break;
            case '\x86': Push(PopMany(2)); break;
            case '\x87': Push(PopMany(3)); break;
            case 'a': Append([Pop()]); break;
            case 'e': Append(PopToMark()); break;
            case 's': Set(PopMany(2)); break;
            case 'u': Set(PopToMark()); break;
            case 'q': _memo[Bytes(1)[0]] = _stack[^1]; break;
            case 'r': _memo[Length32()] = _stack[^1]; break;
            case 'h': Push(_memo[Bytes(1)[0]]); break;
            case 'j': Push(_memo[Length32()]); break;
            case 'Q': Push(new PickledReference(Known<List<object?>>(Pop()))); break;
            case 'R' or '\x81': Call(); break;
            case 'b': Pop(); break; // attributes of an object, such as a state's version numbers
            default: throw new InvalidDataException($"The pickle holds opcode 0x{code:X2}, which torch.save does not write for weights.");
        }
    }

    private void Call()
    {
        List<object?> parts = PopMany(2);
        PickledName name = Known<PickledName>(parts[0]);
        Push(name.Full == "collections.OrderedDict" ? new PickledMap() : new PickledCall(name.Full, Known<List<object?>>(parts[1])));
    }

    private void Append(List<object?> items) => Known<List<object?>>(_stack[^1]).AddRange(items);

    private void Set(List<object?> items)
    {
        PickledMap map = Known<PickledMap>(_stack[^1]);
        for (int i = 0; i + 1 < items.Count; i += 2) { map.Entries.Add(new(items[i], items[i + 1])); }
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop() => PopMany(1)[0];

    private List<object?> PopToMark() => PopMany(_stack.Count - _marks.Pop());

    private List<object?> PopMany(int count)
    {
        List<object?> items = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private static long? Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long)) { return null; } // only the file's magic number is that long
        long value = 0;
        for (int i = 0; i < bytes.Length; i++) { value |= (long)bytes[i] << (8 * i); }
        int unused = 64 - (8 * bytes.Length);
        return bytes.Length == 0 ? 0 : value << unused >> unused;
    }

    private int Length32() => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));

    private string Line()
    {
        int length = bytes.Span[_at..].IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(Bytes(length));
        _at++;
        return line;
    }

    private ReadOnlySpan<byte> Bytes(int count)
    {
        ReadOnlySpan<byte> taken = bytes.Span.Slice(_at, count);
        _at += count;
        return taken;
    }
}
