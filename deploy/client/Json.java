package client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much of JSON (RFC 8259) as the sheet and JMAP use: objects, arrays, strings, whole numbers, true, false; null is "". */
public final class Json {
    private final String text;
    private int at;

    /** Over a text that holds one value. */
    public Json(String text) {
        this.text = text;
    }

    /** Reads the value: a map, a list, a string, a {@link Long} or a {@link Boolean}. */
    public Object value() throws IOException {
        skip();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", "");
            default -> number();
        };
    }

    private Map<String, Object> object() throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        for (boolean more = opens('}'); more; more = follows('}')) {
            skip();
            String name = string();
            expect(':');
            members.put(name, value());
        }
        return members;
    }

    private List<Object> array() throws IOException {
        List<Object> elements = new ArrayList<>();
        for (boolean more = opens(']'); more; more = follows(']')) {
            elements.add(value());
        }
        return elements;
    }

    private String string() throws IOException {
        expect('"');
        StringBuilder characters = new StringBuilder();
        for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
            if (c == '\\') {
                c = switch (text.charAt(at++)) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'u' -> (char) Integer.parseInt(text.substring(at, at += 4), 16);
                    default -> text.charAt(at - 1);
                };
            }
            characters.append(c);
        }
        return characters.toString();
    }

    private Object word(String word, Object meaning) throws IOException {
        for (char letter : word.toCharArray()) {
            expect(letter);
        }
        return meaning;
    }

    private Long number() {
        int from = at;
        while ("-0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return Long.valueOf(text.substring(from, at));
    }

    /** Past the opening bracket: whether anything is inside. */
    private boolean opens(char closing) {
        at++;
        skip();
        if (text.charAt(at) == closing) {
            at++;
            return false;
        }
        return true;
    }

    /** Past an element: whether another follows. */
    private boolean follows(char closing) throws IOException {
        skip();
        if (text.charAt(at) == closing) {
            at++;
            return false;
        }
        expect(',');
        return true;
    }

    private void expect(char wanted) throws IOException {
        skip();
        if (text.charAt(at++) != wanted) {
            throw new IOException("JSON: expected " + wanted + " at " + (at - 1));
        }
    }

    private void skip() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
