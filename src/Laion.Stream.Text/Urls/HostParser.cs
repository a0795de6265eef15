using System.Text;
using LaionStream.Text.Idna;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>The WHATWG host parser (https://url.spec.whatwg.org/#host-parsing) for special schemes.</summary>
internal static class HostParser
{
    /// <summary>Appends the serialised host.</summary>
    /// <param name="host">Not empty, as written in the URL; it must not be a part of <paramref name="output"/>.</param>
    /// <param name="output">Receives the host.</param>
    /// <returns>False when the host is not valid; the output is then undefined.</returns>
    public static bool TryAppend(scoped ReadOnlySpan<char> host, ref UrlBuffer output)
    {
        if (host[0] == '[')
        {
            return host[^1] == ']' && Ipv6Text.TryAppend(host[1..^1], ref output);
        }

        int start = output.Length;
        if (host.ContainsAnyExcept(UrlCharacters.PlainInHost))
        {
            if (!TryAppendDomain(host, ref output))
            {
                return false;
            }
        }
        else
        {
            output.Append(host);
        }

        ReadOnlySpan<char> domain = output.Written[start..];
        if (!Ipv4Text.EndsInNumber(domain))
        {
            return true;
        }

        if (!Ipv4Text.TryParse(domain, out uint address))
        {
            return false;
        }

        output.Length = start;
        Ipv4Text.Append(address, ref output);
        return true;
    }

    private static bool TryAppendDomain(scoped ReadOnlySpan<char> host, ref UrlBuffer output)
    {
        int start = output.Length;
        if (Ascii.IsValid(host) && !host.Contains('%'))
        {
            output.Append(host);
            Lower(output.Mutable[start..]);
        }
        else
        {
            var decoded = new UrlBuffer(stackalloc char[128]);
            try
            {
                PercentEncoding.AppendDecoded(host, ref decoded);
                if (!Ascii.IsValid(decoded.Written))
                {
                    if (!DomainToAscii.TryAppend(decoded.Written, ref output))
                    {
                        return false;
                    }
                }
                else
                {
                    // An ASCII domain is only lower-cased, whatever its xn-- labels contain (https://github.com/whatwg/url/pull/914).
                    output.Append(decoded.Written);
                    Lower(output.Mutable[start..]);
                }
            }
            finally
            {
                decoded.Dispose();
            }
        }

        ReadOnlySpan<char> domain = output.Written[start..];
        return !domain.IsEmpty && !domain.ContainsAny(UrlCharacters.ForbiddenInDomain);
    }

    private static void Lower(Span<char> text)
    {
        foreach (ref char c in text)
        {
            c = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        }
    }
}
