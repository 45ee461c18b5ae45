namespace Stackelberg.Cli.Internals;

/// <summary>What other programs call the settings and flags of this one; names in snake_case.</summary>
internal static class FlagAliases
{
    /// <summary>Flags of this program.</summary>
    public static readonly IReadOnlyDictionary<string, string> Flags = Invert(
        ("--total-timesteps", "steps timesteps n_timesteps num_timesteps max_timesteps total_steps total_env_steps num_env_steps max_steps"),
        ("--env", "env_id env_name environment gym_id task"),
        ("--algo", "algorithm algo_name agent method"),
        ("--seeds", "n_seeds num_seeds random_seed"),
        ("--eval-every", "eval_freq eval_frequency eval_interval evaluation_interval"),
        ("--eval-episodes", "n_eval_episodes num_eval_episodes"),
        ("--checkpoint-every", "save_freq save_frequency save_every save_interval checkpoint_freq checkpoint_interval"),
        ("--log-every", "log_interval log_freq log_frequency"),
        ("--threads", "num_workers n_workers workers n_jobs num_threads torch_threads"),
        ("--out", "log_dir logdir output output_dir save_dir exp_dir results_dir"),
        ("--env-set", "env_kwargs env_options env_config"));

    /// <summary>Keys of algorithms, or the last parts of keys, which then stand for every key that ends so.</summary>
    public static readonly IReadOnlyDictionary<string, string> Keys = Invert(
        ("learning_rate", "lr step_size"),
        ("actor.learning_rate", "actor_lr policy_lr pi_lr lr_actor actor_learning_rate policy_learning_rate"),
        ("critic.learning_rate", "critic_lr q_lr qf_lr vf_lr value_lr lr_critic critic_learning_rate"),
        ("temperature_learning_rate", "alpha_lr ent_coef_lr"),
        ("temperature", "alpha ent_coef entropy_coef ent_coeff entropy_coeff"),
        ("gamma", "discount discount_factor"),
        ("gae_lambda", "lam lambda gae"),
        ("batch_size", "minibatch_size mini_batch_size"),
        ("buffer_size", "replay_size replay_buffer_size memory_size buffer_capacity"),
        ("learning_starts", "start_steps start_timesteps warmup_steps"),
        ("update_every", "train_freq train_frequency"),
        ("updates", "gradient_steps utd_ratio"),
        ("policy_delay", "policy_frequency policy_freq actor_delay"),
        ("target_noise", "policy_noise target_policy_noise"),
        ("noise_clip", "target_noise_clip"),
        ("action_noise", "exploration_noise expl_noise act_noise"),
        ("steps_per_iteration", "num_steps n_steps rollout_length rollout_steps steps_per_epoch horizon"),
        ("critic.updates", "critic_iters value_iters train_v_iters vf_iters"),
        ("hidden", "hidden_sizes hidden_size hidden_layers hidden_dim net_arch layers"),
        ("activation", "activation_fn nonlinearity"),
        ("initialisation", "initialization ortho_init init"),
        ("optimiser", "optimizer optim"),
        ("hypergradient.solver", "linear_solver"),
        ("hypergradient.iterations", "cg_iters cg_iterations cg_steps"),
        ("hypergradient.damping", "reg regularization cg_damping"),
        ("learning_rate_schedule", "lr_schedule anneal_lr lr_scheduler lr_decay"),
        ("environments", "n_envs num_envs num_environments n_environments"),
        ("hypergradient.method", "hypergradient_method"),
        ("hypergradient.rho", "nystrom_rho"),
        ("polyak", "tau"));

    /// <summary>Keys that count the other way round than an alias of theirs: the value is 1 less what was given.</summary>
    public static readonly IReadOnlyDictionary<string, string> Complements = Invert(("polyak", "tau"));

    /// <summary>What this program does not have, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Absent = Invert(
        ("leave it out: training runs on the processor alone", "device cuda gpu use_cuda"),
        ("leave it out: runs are plain files, tables among them", "track wandb wandb_project_name wandb_entity tensorboard tensorboard_log"));

    private static Dictionary<string, string> Invert(params (string Meaning, string Names)[] rows) =>
        rows.SelectMany(r => r.Names.Split(' ').Select(n => (n, r.Meaning))).ToDictionary(p => p.n, p => p.Meaning, StringComparer.Ordinal);
}
