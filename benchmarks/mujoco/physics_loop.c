/* The random-action loop of one MuJoCo task in C, for comparison with the same loop through the library's Step.
 *
 * One step draws a uniform action within the control ranges, advances the engine, computes reward and termination, and writes the observation;
 * an episode that has ended is reset with noise and a forward pass. Nothing is checked. The tasks are those of docs/environments/mujoco.md with
 * their default constants.
 *
 *   physics_loop TASK MODEL.xml SECONDS SEED
 *
 * prints one JSON line: steps, episodes, processor seconds, mean reward of a step. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <mujoco/mujoco.h>

static uint64_t stream;

/* splitmix64 (Steele, Lea and Flood 2014) */
static double uniform(void)
{
    uint64_t z = (stream += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double between(double low, double high) { return low + (high - low) * uniform(); }

static double normal(void)
{
    double u, v, s;
    do {
        u = between(-1, 1), v = between(-1, 1), s = u * u + v * v;
    } while (s >= 1 || s == 0);
    return u * sqrt(-2 * log(s) / s);
}

static void noise(double *values, int count, double scale, int gaussian)
{
    for (int i = 0; i < count; i++)
        values[i] += gaussian ? scale * normal() : between(-scale, scale);
}

static double squares(const double *values, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i] * values[i];
    return sum;
}

static double clamp(double value, double low, double high) { return value < low ? low : value > high ? high : value; }

static double *append(double *to, const double *values, int count)
{
    memcpy(to, values, (size_t)count * sizeof *values);
    return to + count;
}

static double *append_clipped(double *to, const double *values, int count)
{
    for (int i = 0; i < count; i++)
        to[i] = clamp(values[i], -10, 10);
    return to + count;
}

static mjModel *m;
static mjData *d;
static double observation[512];
static double before, near_before; /* what the reward of the next step starts from */
static int first_body, second_body, third_body;
static double step_seconds;

static double distance(int a, int b)
{
    double difference[3];
    for (int i = 0; i < 3; i++)
        difference[i] = d->xpos[3 * a + i] - d->xpos[3 * b + i];
    return sqrt(squares(difference, 3));
}

static double centre_of_mass(void)
{
    double moment = 0, mass = 0;
    for (int b = 0; b < m->nbody; b++)
        moment += m->body_mass[b] * d->xipos[3 * b], mass += m->body_mass[b];
    return moment / mass;
}

static double speed(double position)
{
    double result = (position - before) / step_seconds;
    before = position;
    return result;
}

static int all_within(const double *values, int count, double bound)
{
    for (int i = 0; i < count; i++)
        if (!(values[i] > -bound && values[i] < bound))
            return 0;
    return 1;
}

/* Observations. */
static void observe_state(int hidden)
{
    append(append(observation, d->qpos + hidden, m->nq - hidden), d->qvel, m->nv);
}

static void observe_clipped(void)
{
    append_clipped(append(observation, d->qpos + 1, m->nq - 1), d->qvel, m->nv);
}

static void observe_humanoid(void)
{
    double *to = append(append(observation, d->qpos + 2, m->nq - 2), d->qvel, m->nv);
    to = append(append(to, d->cinert, 10 * m->nbody), d->cvel, 6 * m->nbody);
    append(append(to, d->qfrc_actuator, m->nv), d->cfrc_ext, 6 * m->nbody);
}

static void observe_ant(void) { observe_state(2); }
static void observe_cheetah(void) { observe_state(1); }
static void observe_pendulum(void) { observe_state(0); }

static void observe_double_pendulum(void)
{
    observation[0] = d->qpos[0];
    observation[1] = sin(d->qpos[1]), observation[2] = sin(d->qpos[2]);
    observation[3] = cos(d->qpos[1]), observation[4] = cos(d->qpos[2]);
    append_clipped(append_clipped(observation + 5, d->qvel, 3), d->qfrc_constraint, 3);
}

static void observe_reacher(void)
{
    observation[0] = cos(d->qpos[0]), observation[1] = cos(d->qpos[1]);
    observation[2] = sin(d->qpos[0]), observation[3] = sin(d->qpos[1]);
    double *to = append(append(observation + 4, d->qpos + 2, 2), d->qvel, 2);
    for (int i = 0; i < 3; i++)
        to[i] = d->xpos[3 * first_body + i] - d->xpos[3 * second_body + i];
}

static void observe_pusher(void)
{
    double *to = append(append(observation, d->qpos, 7), d->qvel, 7);
    to = append(append(to, d->xpos + 3 * first_body, 3), d->xpos + 3 * second_body, 3);
    append(to, d->xpos + 3 * third_body, 3);
}

/* Rewards; each says whether the episode terminated. */
static double reward_ant(const double *a, int *terminated)
{
    *terminated = !(d->qpos[2] >= 0.2 && d->qpos[2] <= 1.0);
    return speed(d->xpos[3 * first_body]) + 1 - 0.5 * squares(a, m->nu);
}

static double reward_cheetah(const double *a, int *terminated)
{
    (void)terminated;
    return speed(d->qpos[0]) - 0.1 * squares(a, m->nu);
}

static double reward_swimmer(const double *a, int *terminated)
{
    (void)terminated;
    return speed(d->qpos[0]) - 1e-4 * squares(a, m->nu);
}

static double reward_hopper(const double *a, int *terminated)
{
    *terminated = !(d->qpos[1] > 0.7 && fabs(d->qpos[2]) < 0.2 && all_within(d->qpos + 2, m->nq - 2, 100) && all_within(d->qvel, m->nv, 100));
    return speed(d->qpos[0]) + 1 - 1e-3 * squares(a, m->nu);
}

static double reward_walker(const double *a, int *terminated)
{
    *terminated = !(d->qpos[1] > 0.8 && d->qpos[1] < 2.0 && fabs(d->qpos[2]) < 1.0);
    return speed(d->qpos[0]) + 1 - 1e-3 * squares(a, m->nu);
}

static double reward_humanoid(const double *a, int *terminated)
{
    *terminated = !(d->qpos[2] > 1.0 && d->qpos[2] < 2.0);
    return 1.25 * speed(centre_of_mass()) + 5 - 0.1 * squares(a, m->nu);
}

static double reward_standup(const double *a, int *terminated)
{
    (void)terminated;
    return d->qpos[2] / m->opt.timestep - 0.1 * squares(a, m->nu) - clamp(0.5e-6 * squares(d->cfrc_ext, 6 * m->nbody), -INFINITY, 10) + 1;
}

static double reward_pendulum(const double *a, int *terminated)
{
    (void)a;
    *terminated = fabs(d->qpos[1]) > 0.2;
    return 1;
}

static double reward_double_pendulum(const double *a, int *terminated)
{
    (void)a;
    double x = d->site_xpos[0], y = d->site_xpos[2], *v = d->qvel;
    *terminated = y <= 1;
    return 10 - (0.01 * x * x + (y - 2) * (y - 2)) - (1e-3 * v[1] * v[1] + 5e-3 * v[2] * v[2]);
}

static double reward_reacher(const double *a, int *terminated)
{
    (void)terminated;
    double reward = -before - squares(a, m->nu);
    before = distance(first_body, second_body);
    return reward;
}

static double reward_pusher(const double *a, int *terminated)
{
    (void)terminated;
    double reward = -before - 0.1 * squares(a, m->nu) - 0.5 * near_before;
    before = distance(second_body, third_body);
    near_before = distance(second_body, first_body);
    return reward;
}

/* What an episode begins with. */
static void start_at_qpos(void) { before = d->qpos[0]; }
static void start_at_torso(void) { before = d->xpos[3 * first_body]; }
static void start_at_centre(void) { before = centre_of_mass(); }
static void start_nothing(void) { }
static void start_reacher(void) { before = distance(first_body, second_body); }

static void start_pusher(void)
{
    before = distance(second_body, third_body);
    near_before = distance(second_body, first_body);
}

typedef struct {
    const char *name;
    int frame_skip, limit, contact_forces;
    double noise;
    int gaussian_velocities;
    const char *bodies[3];
    void (*start)(void);
    double (*reward)(const double *action, int *terminated);
    void (*observe)(void);
} Task;

static const Task tasks[] = {
    { "Ant-v4", 5, 1000, 0, 0.1, 1, { "torso" }, start_at_torso, reward_ant, observe_ant },
    { "HalfCheetah-v4", 5, 1000, 0, 0.1, 1, { 0 }, start_at_qpos, reward_cheetah, observe_cheetah },
    { "Hopper-v4", 4, 1000, 0, 0.005, 0, { 0 }, start_at_qpos, reward_hopper, observe_clipped },
    { "Humanoid-v4", 5, 1000, 1, 0.01, 0, { 0 }, start_at_centre, reward_humanoid, observe_humanoid },
    { "HumanoidStandup-v4", 5, 1000, 1, 0.01, 0, { 0 }, start_nothing, reward_standup, observe_humanoid },
    { "InvertedDoublePendulum-v4", 5, 1000, 0, 0.1, 1, { 0 }, start_nothing, reward_double_pendulum, observe_double_pendulum },
    { "InvertedPendulum-v4", 2, 1000, 0, 0.01, 0, { 0 }, start_nothing, reward_pendulum, observe_pendulum },
    { "Pusher-v4", 5, 100, 0, 0.005, 0, { "tips_arm", "object", "goal" }, start_pusher, reward_pusher, observe_pusher },
    { "Reacher-v4", 2, 50, 0, 0.1, 0, { "fingertip", "target" }, start_reacher, reward_reacher, observe_reacher },
    { "Swimmer-v4", 4, 1000, 0, 0.1, 0, { 0 }, start_at_qpos, reward_swimmer, observe_ant },
    { "Walker2d-v4", 4, 1000, 0, 0.005, 0, { 0 }, start_at_qpos, reward_walker, observe_clipped },
};

static void sample_start(const Task *task)
{
    if (task->observe == observe_reacher) {
        noise(d->qpos, 2, 0.1, 0);
        do {
            d->qpos[2] = between(-0.2, 0.2), d->qpos[3] = between(-0.2, 0.2);
        } while (sqrt(squares(d->qpos + 2, 2)) >= 0.2);
        noise(d->qvel, 2, 0.005, 0);
    } else if (task->observe == observe_pusher) {
        do {
            d->qpos[7] = between(-0.3, 0), d->qpos[8] = between(-0.2, 0.2);
        } while (sqrt(squares(d->qpos + 7, 2)) <= 0.17);
        noise(d->qvel, 7, 0.005, 0);
    } else {
        noise(d->qpos, m->nq, task->noise, 0);
        noise(d->qvel, m->nv, task->noise, task->gaussian_velocities);
    }
}

static void reset(const Task *task)
{
    mj_resetData(m, d);
    sample_start(task);
    mj_forward(m, d);
    task->start();
    task->observe();
}

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static long episode_steps, episodes;

static double step(const Task *task)
{
    double action[32];
    for (int i = 0; i < m->nu; i++)
        d->ctrl[i] = action[i] = between(m->actuator_ctrlrange[2 * i], m->actuator_ctrlrange[2 * i + 1]);
    for (int i = 0; i < task->frame_skip; i++)
        mj_step(m, d);
    if (task->contact_forces)
        mj_rnePostConstraint(m, d);
    int terminated = 0;
    double reward = task->reward(action, &terminated);
    task->observe();
    if (terminated || ++episode_steps >= task->limit) {
        reset(task);
        episodes++;
        episode_steps = 0;
    }
    return reward;
}

/* Steps for some processor time, looking at the clock every few of them; the clock costs well below a thousandth. */
static double run(const Task *task, double seconds, long *steps, double *rewards)
{
    double start = processor_seconds(), now;
    *steps = 0, *rewards = 0;
    do {
        for (int i = 0; i < 100; i++)
            *rewards += step(task);
        *steps += 100;
    } while ((now = processor_seconds()) - start < seconds);
    return now - start;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: physics_loop TASK MODEL.xml SECONDS SEED\n");
        return 2;
    }
    const Task *task = 0;
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (!strcmp(tasks[i].name, argv[1]))
            task = &tasks[i];
    if (!task) {
        fprintf(stderr, "physics_loop: unknown task '%s'\n", argv[1]);
        return 2;
    }
    char error[1000] = "";
    m = mj_loadXML(argv[2], 0, error, sizeof error);
    if (!m) {
        fprintf(stderr, "physics_loop: %s\n", error);
        return 2;
    }
    d = mj_makeData(m);
    int *ids[] = { &first_body, &second_body, &third_body };
    for (int i = 0; i < 3 && task->bodies[i]; i++)
        *ids[i] = mj_name2id(m, mjOBJ_BODY, task->bodies[i]);
    step_seconds = m->opt.timestep * task->frame_skip;
    stream = strtoull(argv[4], 0, 10);
    reset(task);

    long steps;
    double rewards, wanted = atof(argv[3]);
    run(task, 0.2 * wanted, &steps, &rewards); /* to warm caches */
    episodes = 0;
    double seconds = run(task, wanted, &steps, &rewards);
    printf("{\"task\": \"%s\", \"steps\": %ld, \"episodes\": %ld, \"cpu_seconds\": %.9g, \"mean_reward\": %.9g, \"mujoco\": \"%s\"}\n", task->name, steps,
        episodes, seconds, rewards / (double)steps, mj_versionString());
    mj_deleteData(d);
    mj_deleteModel(m);
    return 0;
}
