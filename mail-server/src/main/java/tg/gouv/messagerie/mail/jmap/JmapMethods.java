package tg.gouv.messagerie.mail.jmap;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.james.jmap.method.EmailImportMethod;
import org.apache.james.jmap.method.Method;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/** James's methods, held to RFC 8620 and RFC 8621. */
public final class JmapMethods {
    private JmapMethods() {}

    /**
     * The same methods, checked.
     *
     * @param mappers through which they change what they change
     */
    public static Set<Method> checked(Set<Method> james, PostgresMappers mappers) {
        Map<String, Method> all = new HashMap<>();
        for (Method each : james) {
            all.put(each.methodName().value(), each instanceof EmailImportMethod it ? new ImportAsItIs(it) : each);
        }
        return all.values().stream()
                .map(each -> new CheckedMethod(each, all, mappers))
                .collect(Collectors.toSet());
    }
}
