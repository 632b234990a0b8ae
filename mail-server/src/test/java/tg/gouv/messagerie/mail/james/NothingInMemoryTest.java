package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Module;
import com.google.inject.spi.ConstructorBinding;
import com.google.inject.spi.DefaultBindingTargetVisitor;
import com.google.inject.spi.DefaultElementVisitor;
import com.google.inject.spi.Elements;
import com.google.inject.spi.InstanceBinding;
import com.google.inject.spi.LinkedKeyBinding;
import com.google.inject.spi.UntargettedBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What James would keep in memory, and a stop would lose, is not bound. */
class NothingInMemoryTest {
    /** Those that still are, and why. One that is no longer bound must go from here. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "MemoryMailRepositoryStore", "which repositories are open; they themselves are in PostgreSQL",
            "MemoryTaskManager", "James's administration tasks: there are none, their sets are empty");

    @Test
    void nothingThatJamesKeepsInMemoryIsBound() {
        Set<String> bound = new TreeSet<>();
        for (Class<?> each : boundClasses()) {
            if (each.getSimpleName().startsWith("Memory")
                    || each.getSimpleName().startsWith("InMemory")) {
                bound.add(each.getSimpleName());
            }
        }
        assertThat(bound).isEqualTo(new TreeSet<>(EXCEPTIONS.keySet()));
    }

    /** Every class that a binding names, as its key or as what stands behind it. */
    private static List<Class<?>> boundClasses() {
        List<Module> modules = new ArrayList<>();
        modules.addAll(JamesAssembly.PROTOCOLS);
        modules.addAll(JamesAssembly.STORAGE);
        modules.addAll(JamesAssembly.PROCESSING);
        List<Class<?>> classes = new ArrayList<>();
        Elements.getElements(modules)
                .forEach(element -> element.acceptVisitor(new DefaultElementVisitor<Boolean>() {
                    @Override
                    public <T> Boolean visit(com.google.inject.Binding<T> binding) {
                        classes.add(binding.getKey().getTypeLiteral().getRawType());
                        return binding.acceptTargetVisitor(new Targets<>(classes));
                    }
                }));
        return classes;
    }

    private static final class Targets<T> extends DefaultBindingTargetVisitor<T, Boolean> {
        private final List<Class<?>> classes;

        private Targets(List<Class<?>> classes) {
            this.classes = classes;
        }

        @Override
        public Boolean visit(LinkedKeyBinding<? extends T> binding) {
            return classes.add(binding.getLinkedKey().getTypeLiteral().getRawType());
        }

        @Override
        public Boolean visit(InstanceBinding<? extends T> binding) {
            return classes.add(binding.getInstance().getClass());
        }

        @Override
        public Boolean visit(UntargettedBinding<? extends T> binding) {
            return classes.add(binding.getKey().getTypeLiteral().getRawType());
        }

        @Override
        public Boolean visit(ConstructorBinding<? extends T> binding) {
            return classes.add(binding.getConstructor().getDeclaringType().getRawType());
        }

        @Override
        protected Boolean visitOther(com.google.inject.Binding<? extends T> binding) {
            return true;
        }
    }
}
