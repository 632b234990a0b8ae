package tg.gouv.messagerie.directory.ldap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The only JSON that entries need: an object of arrays of strings. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Values by attribute, as PostgreSQL writes them. */
    static Map<String, List<String>> read(String text) {
        return new Json(text).object();
    }

    /** Values by attribute, as PostgreSQL reads them. */
    static String write(Map<String, List<String>> attributes) {
        StringBuilder out = new StringBuilder(512).append('{');
        attributes.forEach((name, values) -> {
            quote(out.length() > 1 ? out.append(',') : out, name).append(":[");
            for (int i = 0; i < values.size(); i++) {
                quote(i > 0 ? out.append(',') : out, values.get(i));
            }
            out.append(']');
        });
        return out.append('}').toString();
    }

    private static StringBuilder quote(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each == '"' || each == '\\') {
                out.append('\\').append(each);
            } else if (each < 0x20) {
                out.append("\\u00").append(each < 0x10 ? "0" : "1").append(Character.forDigit(each & 15, 16));
            } else {
                out.append(each);
            }
        }
        return out.append('"');
    }

    private Map<String, List<String>> object() {
        Map<String, List<String>> map = new LinkedHashMap<>();
        expect('{');
        if (peek() == '}') {
            return map;
        }
        do {
            String name = string();
            expect(':');
            expect('[');
            List<String> values = new ArrayList<>(2);
            if (peek() == ']') {
                at++;
            } else {
                do {
                    values.add(string());
                } while (next() == ',');
            }
            map.put(name, values);
        } while (next() == ',');
        return map;
    }

    private char peek() {
        while (text.charAt(at) <= ' ') {
            at++;
        }
        return text.charAt(at);
    }

    private char next() {
        char found = peek();
        at++;
        return found;
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw new IllegalStateException("JSON of an entry: " + wanted + " expected at " + at);
        }
    }

    private String string() {
        expect('"');
        int from = at;
        while (text.charAt(at) != '"' && text.charAt(at) != '\\') {
            at++;
        }
        if (text.charAt(at) == '"') {
            return text.substring(from, at++);
        }
        StringBuilder out = new StringBuilder(text.substring(from, at));
        while (true) {
            char each = text.charAt(at++);
            if (each == '"') {
                return out.toString();
            }
            out.append(each == '\\' ? escaped() : each);
        }
    }

    private char escaped() {
        char each = text.charAt(at++);
        return switch (each) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> each;
        };
    }
}
